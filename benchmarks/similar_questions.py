"""Whether a question in other words finds the one that was asked, and how long that takes while typing.

`script/bench similar-questions DIR…` stores the posts of each data set (see ranking_figures.py) and, as questions, what
its topics are called; then the description of each topic is asked as somebody would type it. Right is the topic that it
describes. Timed is what the composer asks for at each rest of the hands: questions like it, and who is likely to know.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.engine_corpus import documents
from benchmarks.ranking_figures import read_lines
from intranet.questions.asking import LEAST, TITLED
from search_index.documents import EVERYONE, Document, Kind
from search_index.engine import Engine, open_engine
from search_index.expertise import ExpertQuery
from search_index.relations import SimilarQuery

_ALL = frozenset({EVERYONE})
_QUESTIONS = frozenset({Kind.QUESTION.value})
_ASKED = datetime(2026, 1, 1, tzinfo=UTC)
_AS_TYPED = (4, 8, 16, 64)
"""Words after which the hands rest."""
_EXPERTS = 6


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="script/bench similar-questions", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="+", type=Path, help="a data set: people, posts and queries as JSON lines")
    options = parser.parse_args(arguments)
    table = Table("", "asked", "first", "in the first three", "share no word", "p50 ms", "p95 ms", "p95 ms of work")
    for folder in options.folder:
        with tempfile.TemporaryDirectory() as scratch:
            table.add_row(folder.name, *map(str, measure(folder, Path(scratch))))
    Console().print(table)
    return 0


def measure(folder: Path, index: Path) -> list[object]:
    """The figures of one data set, in the order of the table."""
    topics = {row["id"]: row["text"] for row in read_lines(folder, "queries") if row["kind"] == "topic"}
    asked = [
        (row["text"], topic)
        for row in read_lines(folder, "queries")
        if row["kind"] == "description" and (topic := row["id"].removesuffix("+desc")) in topics
    ]
    engine = open_engine(index, writer=True)
    engine.rebuild(_corpus(folder, topics), watermark=1)
    places = [_place(engine, text, f"question:{topic}") for text, topic in asked]
    took = [_typing(engine, text) for description, _topic in asked for text in _typed(description)]
    silent = sum(place is None for place in places)
    shares = [sum(place is not None and place < most for place in places) / len(asked) for most in (1, 3)]
    waited, worked = (sorted(times) for times in zip(*took, strict=True))
    times = [_at(waited, 0.5), _at(waited, 0.95), _at(worked, 0.95)]
    return [len(asked), *(f"{share:.1%}" for share in shares), silent, *times]


def _at(times: Sequence[float], share: float) -> float:
    """A percentile in milliseconds."""
    return round(1000 * times[int(share * len(times))], 1)


def _corpus(folder: Path, topics: dict[str, str]) -> Iterator[Document]:
    people = {str(row["id"]): number for number, row in enumerate(read_lines(folder, "people"), 1)}
    yield from documents(folder, people)
    for topic, name in topics.items():
        yield Document(f"question:{topic}", Kind.QUESTION, "", EVERYONE, _ASKED, author_id=1, title=name)


def _place(engine: Engine, text: str, right: str) -> int | None:
    """Where the right one stands; None where it is not found at all."""
    hits = engine.similar(_as_composed(text, limit=50))
    return next((place for place, hit in enumerate(hits) if hit.id == right), None)


def _as_composed(title: str, *, limit: int) -> SimilarQuery:
    """What the composer asks: it offers nothing that is too far from the draft."""
    return SimilarQuery("", _ALL, title=title, kinds=_QUESTIONS, least=LEAST, titled=TITLED, limit=limit)


def _typed(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[:length]) for length in _AS_TYPED if length <= len(words)] or [text]


def _typing(engine: Engine, text: str) -> tuple[float, float]:
    """Seconds until both answers are there, and those that this process worked for them."""
    started, worked = time.perf_counter(), time.process_time()
    engine.similar(_as_composed(text, limit=_EXPERTS))
    engine.experts(ExpertQuery(text, _ALL, limit=_EXPERTS))
    return time.perf_counter() - started, time.process_time() - worked


if __name__ == "__main__":
    raise SystemExit(main())
