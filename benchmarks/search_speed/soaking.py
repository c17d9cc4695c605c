"""One process of a soak: it holds an engine as a worker (writer) or as a web process (reader) does.

python -m benchmarks.search_speed.soaking FOLDER writer|reader
"""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.search_speed.corpus import moment
from benchmarks.search_speed.engines.processes import serve
from benchmarks.search_speed.memory import memory_of, open_files
from search_index.documents import EVERYONE, Batch, Document, Kind
from search_index.engine import open_engine
from search_index.expertise import ExpertQuery
from search_index.hits import Order, SearchQuery

_AT_ONCE = 100
"""Hits of one page, the port's most."""

Answer = dict[str, Any]
Row = tuple[str, int, int, str]
"""Id, author, created in milliseconds, text."""

VIEWER = frozenset({EVERYONE})


class Soaked:
    def __init__(self, folder: Path, *, writer: bool) -> None:
        self._folder = folder
        self._engine = open_engine(folder, writer=writer)

    def apply(self, watermark: int, add: Sequence[Row], remove: Sequence[str]) -> Answer:
        started = time.perf_counter()
        self._engine.apply(Batch(watermark, [_document(*row) for row in add], remove))
        return {"ms": (time.perf_counter() - started) * 1000}

    def rebuild(self, rows: Sequence[Row]) -> Answer:
        return {"documents": self._engine.rebuild((_document(*row) for row in rows), watermark=1)}

    def flush(self) -> Answer:
        started = time.perf_counter()
        self._engine.flush()
        return {"ms": (time.perf_counter() - started) * 1000}

    def ask(self, questions: Sequence[str]) -> Answer:
        """Ids found for each question, and milliseconds."""
        taken, found = [], []
        for question in questions:
            started = time.perf_counter()
            hits = self._engine.search(SearchQuery(question, VIEWER))
            taken.append((time.perf_counter() - started) * 1000)
            found.append([hits.total, *(hit.id for hit in hits.items)])
        return {"ms": taken, "found": found}

    def experts(self, questions: Sequence[str]) -> Answer:
        taken, found = [], []
        for question in questions:
            started = time.perf_counter()
            experts = self._engine.experts(ExpertQuery(question, VIEWER))
            taken.append((time.perf_counter() - started) * 1000)
            found.append([experts.total, *(expert.person_id for expert in experts.items)])
        return {"ms": taken, "found": found}

    def everything(self, bounds: Sequence[int]) -> Answer:
        """Ids of everything from the first moment to the last; at most 1,000 documents lie between two bounds."""
        self._engine.refresh()
        found: list[str] = []
        for since, until in pairwise(bounds):
            found += self._between(moment(since), moment(until))
        return {"ids": found}

    def _between(self, since: datetime, until: datetime) -> list[str]:
        found: list[str] = []
        while True:
            query = SearchQuery(
                "", VIEWER, since=since, until=until, order=Order.NEWEST, limit=_AT_ONCE, offset=len(found)
            )
            page = self._engine.search(query)
            found += [hit.id for hit in page.items]
            if len(found) >= page.total or not page.items:
                return found

    def gauge(self) -> Answer:
        health = self._engine.health()
        files = [path.stat().st_size for path in self._folder.rglob("*") if path.is_file()]
        return {
            "memory": memory_of(),
            "open": open_files(),
            "files": len(files),
            "bytes": sum(files),
            "segments": health.segments,
            "documents": health.documents,
            "pending": health.pending,
            "ok": health.ok,
        }


def _document(identity: str, author: int, created: int, text: str) -> Document:
    return Document(identity, Kind.POST, text, EVERYONE, datetime.fromtimestamp(created / 1000, UTC), author)


def main(arguments: Sequence[str]) -> int:
    soaked = Soaked(Path(arguments[0]), writer=arguments[1] == "writer")
    commands = (
        soaked.apply,
        soaked.rebuild,
        soaked.flush,
        soaked.ask,
        soaked.experts,
        soaked.everything,
        soaked.gauge,
    )
    serve({command.__name__: command for command in commands})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
