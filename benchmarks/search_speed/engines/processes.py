"""The engines' processes, seen from the one that measures."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.memory import Highest

ROOT = Path(__file__).resolve().parents[3]
BUILT = "built.json"


class EngineFailed(Exception):
    """Its process ended; what it said is on standard error."""


class Process:
    """A module of ours that runs in a process of its own and answers commands: a JSON object a line."""

    def __init__(self, name: str, module: str, *arguments: str) -> None:
        self.name = name
        command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.search_speed.{module}", *arguments]
        self.started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    @property
    def id(self) -> int:
        return self._process.pid

    def tell(self, do: str, **details: object) -> dict[str, Any]:
        """Have one command done; blocks until the answer is there."""
        self.send(do, **details)
        return self.answer()

    def send(self, do: str, **details: object) -> None:
        """Have it begun."""
        if self._process.stdin is not None:
            print(json.dumps({"do": do, **details}), file=self._process.stdin, flush=True)

    def answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise EngineFailed(f"the process of {self.name} ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in (self._process.stdin, self._process.stdout):
            if end is not None:
                end.close()
        self._process.wait(60)


def open_process(engine: str, folder: Path) -> Process:
    return Process(engine, "engines.answering", engine, str(folder))


def serve(commands: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
    """The other side: answer what comes in, until nothing more does."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not stand among the answers
    for line in sys.stdin:
        command = json.loads(line)
        answer = commands[command.pop("do")](**command)
        print(json.dumps(answer), file=answers, flush=True)


def build(engine: str, corpus: Corpus, folder: Path) -> dict[str, Any]:
    """Build an engine's index unless it stands there already; what it took is kept beside it."""
    told = folder / BUILT
    if not told.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with open_process(engine, folder) as process, Highest(process.id) as highest:
            took = process.tell("build", corpus=str(corpus.folder))
        took.update(memory=highest.most, bytes=bytes_in(folder), posts=count_lines(corpus))
        told.write_text(json.dumps(took))
    kept: dict[str, Any] = json.loads(told.read_text())
    return kept


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def count_lines(corpus: Corpus) -> int:
    return sum(1 for _ in corpus.posts())
