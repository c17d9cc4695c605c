"""Reading everything for a rebuild: in stretches of short transactions, and half of it in a process of its own.

Analysing text keeps one core busy, so a large company's rebuild takes two. The second process is a plain one, started
by the worker (or a command), never by a web process; it reads its half from the database by itself and ends with the
first.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, TextIO

from intranet.config import ROOT, Settings
from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from intranet.search import sources
from search_index.documents import Document
from search_index.engine import Helper, build_part

MANY = 10_000
"""Rows in half of a table from which a second process is worth its start."""

_VIEWER = system(reason="search: the index holds every document and filters by audience when asked")


class Stretch(NamedTuple):
    """The keys of a kind after ``after`` and up to ``until``; ``""`` is the beginning and the end."""

    kind: str
    after: str
    until: str


def halves(database: Database) -> tuple[list[Stretch], list[Stretch]]:
    """All documents for two readers; the second gets nothing where there is little to read."""
    first: list[Stretch] = []
    second: list[Stretch] = []
    with database.reading(_VIEWER) as session:
        for kind in sources.kinds():
            middle = sources.middle(session, kind, at_least=MANY)
            first.append(Stretch(kind, "", middle))
            if middle:
                second.append(Stretch(kind, middle, ""))
    return first, second


def documents(database: Database, stretches: Iterable[Stretch]) -> Iterator[Document]:
    """What stands there now, each read in short transactions: a long one would keep SQLite from tidying its log."""
    for kind, begin, until in stretches:
        after, at_end = begin, False
        while not at_end:
            with database.reading(_VIEWER) as session:
                found, after = sources.next_chunk(session, kind, after, until)
            yield from found
            at_end = not after


def helped_with(settings: Settings, stretches: list[Stretch], tell: Callable[[int], None]) -> Helper:
    """A second process for these stretches; ``tell`` hears how many documents it has."""

    @contextmanager
    def helper(folder: Path) -> Iterator[None]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "index", "share"]
        pipe = subprocess.PIPE
        with subprocess.Popen(  # noqa: S603 (our own interpreter with our own words)
            command, cwd=ROOT, env=_environment(settings), stdin=pipe, stdout=pipe, text=True
        ) as process:
            try:
                _say(process, {"folder": str(folder), "stretches": stretches})
                listening = Thread(target=_listen, args=(process, tell), daemon=True)
                listening.start()
                yield
                listening.join()  # until it closes its end
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise RuntimeError(f"the process that helped with the rebuild ended with {process.returncode}")

    return helper


def _environment(settings: Settings) -> dict[str, str]:
    """In which another process has these settings, whatever this one had them from."""
    return {
        **os.environ,
        **{f"COUTH_{entry.name.upper()}": str(getattr(settings, entry.name)) for entry in fields(settings)},
    }


def _say(process: "subprocess.Popen[str]", task: dict[str, Any]) -> None:
    if process.stdin is not None:
        with process.stdin:
            json.dump(task, process.stdin)


def _listen(process: "subprocess.Popen[str]", tell: Callable[[int], None]) -> None:
    for line in process.stdout or ():
        if line.strip().isdigit():
            tell(int(line))


def help_out(database: Database, task: TextIO) -> None:
    """The second process: hears on its standard input what to do, and says on its way how far it is.

    It cannot outlive the first: a line that nobody can hear ends it.
    """
    told = json.load(task)
    stretches = [Stretch(*stretch) for stretch in told["stretches"]]
    read = documents(database, stretches)
    build_part(Path(told["folder"]), read, progress=lambda done: print(done, flush=True))
