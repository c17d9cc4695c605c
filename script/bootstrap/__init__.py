"""Set-up from a bare Python: the virtual environment, the packages in it and the browser libraries.

Standard library only: nothing is installed yet when this runs. Each step leaves a stamp of what it was made
from, written last, so that a second start skips it and an interrupted one is noticed and made whole.
"""

from script.bootstrap.browser_libraries import install_browser_libraries
from script.bootstrap.bundle import make_bundle
from script.bootstrap.console import SetupError, run_program, say
from script.bootstrap.places import PYTHON, ROOT
from script.bootstrap.provider import install_provider
from script.bootstrap.python_packages import install_python_packages
from script.bootstrap.turn import one_at_a_time

__all__ = [
    "PYTHON",
    "ROOT",
    "SetupError",
    "run_program",
    "say",
    "set_up_for_development",
    "set_up_for_serving",
]


def set_up_for_serving() -> None:
    """Everything that the running product needs."""
    with one_at_a_time():
        install_python_packages("requirements.txt")
        install_browser_libraries(development=False)
        make_bundle()


def set_up_for_development(*, browser_libraries: bool) -> None:
    """The tools and tests as well; the browser libraries only where something will load a page."""
    with one_at_a_time():
        install_python_packages("requirements-dev.txt")
        install_provider()
        if browser_libraries:
            install_browser_libraries(development=True)
            make_bundle()
