"""The programs of script/: thin launchers, with their work in the modules beside them.

This file and the launchers keep to syntax that any Python 3 reads, so that an old one gets a sentence instead
of a traceback. The rest of the package may use what the oldest supported Python brings along.
"""

import os
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 13)


def refuse_unsupported_python():  # type: () -> None
    """End with one line that names the remedy where this Python is too old or too new."""
    running = tuple(sys.version_info[:2])
    if OLDEST <= running <= NEWEST:
        return
    this = str(running[0]) + "." + str(running[1])
    remedy = _remedy("script/" + Path(sys.argv[0]).name)
    sys.stderr.write("Couth runs on Python 3.11 to 3.13 and this is Python " + this + ": " + remedy + ".\n")
    sys.exit(1)


def _remedy(program):  # type: (str) -> str
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3." + str(minor)
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            if os.access(str(Path(folder) / name), os.X_OK):
                return "run " + name + " " + program
    return "install one of them (Debian, Ubuntu: apt install python3 python3-venv) and run " + program + " with it"
