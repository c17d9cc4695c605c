"""The virtual environment in .venv and the pinned packages in it."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from script.bootstrap.console import SetupError, run_quietly, say
from script.bootstrap.places import ENVIRONMENT, PIP_INSTALL, PYTHON, ROOT
from script.bootstrap.stamps import fingerprint, read_stamp, write_stamp

STAMP = ENVIRONMENT / "couth-packages.json"
UNFINISHED = ENVIRONMENT / "couth-unfinished"
PROBE = "import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"


def install_python_packages(requirements: str) -> None:
    """Make .venv hold what the requirements file pins; a moment's work when it already does."""
    wanted = fingerprint(_with_included(ROOT / requirements))
    stamp = read_stamp(STAMP)
    if UNFINISHED.exists() or not _is_usable(stamp):
        stamp = {}
        _create_environment()
    if stamp.get(requirements) == wanted:
        return
    say(f"Installing the Python packages of {requirements} (a minute or two, once) …")
    # While this file is there the environment may hold half a package, which pip would take for a whole one.
    UNFINISHED.touch()
    run_quietly(
        [*PIP_INSTALL, "-r", ROOT / requirements],
        remedy=f"The packages of {requirements} could not be installed: see above; "
        "this needs to reach a Python package index once, then start again.",
        folder=ROOT,
    )
    # What a file includes is installed with it, so that script/server after script/test has nothing to do.
    done = {file.name: fingerprint(_with_included(file)) for file in _with_included(ROOT / requirements)}
    write_stamp(STAMP, {**stamp, "place": str(ENVIRONMENT), **done})
    UNFINISHED.unlink()


def _with_included(requirements: Path) -> list[Path]:
    """The file and those that its "-r" lines name."""
    files = [requirements]
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            files += _with_included(requirements.parent / line.removeprefix("-r ").strip())
    return files


def _is_usable(stamp: dict[str, str]) -> bool:
    """Whether .venv starts a supported Python at all, in the folder that it was made for."""
    if stamp.get("place", str(ENVIRONMENT)) != str(ENVIRONMENT):
        return False
    probe = [str(PYTHON), "-c", PROBE]
    if not stamp:
        # Nobody vouches for this environment: it must at least have a pip that answers.
        probe = [str(PYTHON), "-m", "pip", "--version"]
    try:
        done = subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _create_environment() -> None:
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            "This Python has no venv module: install it, then start again "
            f"(Debian, Ubuntu: sudo apt install python{version}-venv)."
        )
    say("Creating the virtual environment .venv …")
    if ENVIRONMENT.is_symlink() or ENVIRONMENT.is_file():
        ENVIRONMENT.unlink()
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    ENVIRONMENT.mkdir()
    UNFINISHED.touch()
    run_quietly(
        [sys.executable, "-m", "venv", ENVIRONMENT],
        remedy="The virtual environment could not be created: see above.",
        folder=ROOT,
    )
