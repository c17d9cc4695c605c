"""The browser that the tests drive."""

import os
import shutil
from pathlib import Path

from script.bootstrap.console import SetupError, run_quietly, say

SETTING = "COUTH_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "The tests need Chromium: install it (Debian: sudo apt install chromium) or name one in COUTH_CHROMIUM, "
    "then start again; script/test fast needs none."
)


def find_chromium() -> str:
    """The path of a browser, installed from Debian's packages where this machine lets it; else SetupError."""
    named = os.environ.get(SETTING)
    if named:
        if os.access(named, os.X_OK):
            return named
        raise SetupError(f"COUTH_CHROMIUM names {named}, which is no program: put it right or leave it unset.")
    found = _installed()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install_from_debian()
        found = _installed()
    if found is None:
        raise SetupError(REMEDY)
    return found


def _installed() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((str(Path(path)) for path in found if path), None)


def _install_from_debian() -> None:
    say("Installing Chromium from the system's packages …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_quietly(["apt-get", "update"], remedy=REMEDY, environment=environment)
    run_quietly(
        ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
        remedy=REMEDY,
        environment=environment,
    )
