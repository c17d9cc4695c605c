"""The OpenID Connect provider that the tests speak to, in a folder of its own."""

import shutil
import sys

from script.bootstrap.console import run_quietly, say
from script.bootstrap.places import CACHE, PIP_INSTALL, ROOT
from script.bootstrap.stamps import fingerprint, read_stamp, write_stamp

PROVIDER = CACHE / "provider"
REQUIREMENTS = ROOT / "requirements-provider.txt"
STAMP = PROVIDER / "couth-provider.json"


def install_provider() -> None:
    """Make its folder hold what its requirements pin; a moment's work when it already does."""
    wanted = {"made of": fingerprint([REQUIREMENTS], extra=sys.version)}
    if read_stamp(STAMP) == wanted:
        return
    say("Installing the sign-in provider that the tests speak to (half a minute, once) …")
    shutil.rmtree(PROVIDER, ignore_errors=True)
    run_quietly(
        [*PIP_INSTALL, "--target", PROVIDER, "-r", REQUIREMENTS],
        remedy="The packages of requirements-provider.txt could not be installed: see above; "
        "this needs to reach a Python package index once, then start again.",
        folder=ROOT,
    )
    write_stamp(STAMP, wanted)
