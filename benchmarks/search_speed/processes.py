"""The engines' processes, seen from the one that measures."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.memory import Highest

ROOT = Path(__file__).resolve().parents[2]
BUILT = "built.json"


class EngineFailed(Exception):
    """Its process ended; what it said is on standard error."""


class Process:
    """One engine in a process of its own."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.search_speed.answering", engine, str(folder)]
        self.started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    @property
    def id(self) -> int:
        return self._process.pid

    def tell(self, do: str, **details: object) -> dict[str, Any]:
        """Have one command done; blocks until the answer is there."""
        if self._process.stdin is None or self._process.stdout is None:
            raise EngineFailed(self.engine)
        print(json.dumps({"do": do, **details}), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise EngineFailed(f"{self.engine} could not {do}")
        told: dict[str, Any] = json.loads(answer)
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(60)


def build(engine: str, corpus: Corpus, folder: Path) -> dict[str, Any]:
    """Build an engine's index unless it stands there already; what it took is kept beside it."""
    told = folder / BUILT
    if not told.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with Process(engine, folder) as process, Highest(process.id) as highest:
            took = process.tell("build", corpus=str(corpus.folder))
        took.update(memory=highest.most, bytes=bytes_in(folder), posts=count_lines(corpus))
        told.write_text(json.dumps(took))
    kept: dict[str, Any] = json.loads(told.read_text())
    return kept


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def count_lines(corpus: Corpus) -> int:
    return sum(1 for _ in corpus.posts())
