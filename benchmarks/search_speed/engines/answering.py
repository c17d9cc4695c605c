"""One engine alone in a process, asked through its standard input: a JSON object a line, one answer each.

python -m benchmarks.search_speed.engines.answering ENGINE FOLDER
"""

import importlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.search_speed.corpus import Corpus
from benchmarks.search_speed.engines.processes import serve
from benchmarks.search_speed.engines.rivals import Ask, Rival
from benchmarks.search_speed.memory import memory_of

ENGINES = {
    "whoosh": ("stock_whoosh", "StockWhoosh"),
    "tantivy": ("tantivy_index", "Tantivy"),
    "fts5": ("fts5", "Fts5"),
    "couth": ("couth", "Couth"),
}
"""By name: module beside this one, class."""

Answer = dict[str, Any]


def open_rival(name: str, folder: Path) -> Rival:
    module, made = ENGINES[name]
    rival: Rival = getattr(importlib.import_module(f"benchmarks.search_speed.engines.{module}"), made)(folder)
    return rival


def main(arguments: Sequence[str]) -> int:
    name, folder = arguments
    rival = open_rival(name, Path(folder))
    commands: dict[str, Callable[..., Answer]] = {
        "build": lambda corpus: _build(rival, Path(corpus)),
        "open": lambda kind, question: _open(rival, kind, question),
        "ask": lambda kind, questions, least, seconds: _ask(rival, kind, questions, least, seconds),
        "memory": lambda: {"memory": memory_of()},
    }
    serve(commands)
    return 0


def _build(rival: Rival, corpus: Path) -> Answer:
    wall, processor = time.perf_counter(), time.process_time()
    rival.build(Corpus(corpus))
    return {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}


def _open(rival: Rival, kind: str, question: str) -> Answer:
    started = time.perf_counter()
    rival.open()
    found = rival.asking(kind, question)()
    return {"ms": (time.perf_counter() - started) * 1000, "found": len(found)}


def _ask(rival: Rival, kind: str, questions: Sequence[str], least: int, seconds: float) -> Answer:
    """Milliseconds of each question; once `seconds` have passed and `least` were answered the rest is left."""
    over = time.perf_counter() + seconds
    taken = []
    for number, question in enumerate(questions):
        if number >= least and time.perf_counter() > over:
            break
        taken.append(_timed(rival.asking(kind, question)))
    wall, processor, found = zip(*taken, strict=True)
    return {"wall": wall, "processor": processor, "found": found}


def _timed(ask: Ask) -> tuple[float, float, int]:
    wall, processor = time.perf_counter(), time.process_time()
    found = ask()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000, len(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
