"""How fast the engine is on one data set, and what it takes: time, memory, disk.

`script/bench engine-speed DIR [--rounds N]` indexes the posts of a data set (see ranking_figures.py) and
asks its own queries, warm, one after the other, with twenty audiences to filter by. Times are of this
machine as busy as it is.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.engine_corpus import documents
from benchmarks.ranking_figures import read_lines, read_queries
from search_index.engine import EVERYONE, Batch, Document, Engine, ExpertQuery, SearchQuery, open_engine

AUDIENCES = frozenset({EVERYONE, *range(1000, 1019)})


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="script/bench engine-speed", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a data set: people, posts and queries as JSON lines")
    parser.add_argument("--rounds", type=int, default=2, help="how often everything is asked; the first warms up")
    options = parser.parse_args(arguments)
    people = {str(row["id"]): number for number, row in enumerate(read_lines(options.folder, "people"), 1)}
    with tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch) / "index"
        writer = open_engine(index, writer=True)
        seconds = _seconds(lambda: writer.rebuild(documents(options.folder, people), watermark=1))
        health = writer.health()
        _say("rebuild", f"{seconds:.1f} s, {health.documents / seconds:,.0f} posts a second")
        _say("on disk", f"{health.bytes / 1e6:.0f} MB for {health.documents:,} posts")
        building = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _say("memory at most while building", f"{building:.0f} MB")
        engines: list[Engine] = []
        _say("open", f"{_seconds(lambda: engines.append(open_engine(index, writer=False))) * 1000:.0f} ms")
        _ask(engines[0], [query.text for query in read_queries(options.folder)], options.rounds)
        _change(writer)
    return 0


def _ask(engine: Engine, questions: list[str], rounds: int) -> None:
    words = [question.split()[0] for question in questions if question.split()]
    kinds: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "experts, twenty with proofs": (lambda text: engine.experts(ExpertQuery(text, AUDIENCES)), questions),
        "documents, twenty": (lambda text: engine.search(SearchQuery(text, AUDIENCES)), questions),
        "phrase": (lambda text: engine.search(SearchQuery(f'"{text[:40]}"', AUDIENCES)), questions),
        "prefix of three letters": (lambda text: engine.suggest(text[:3], audiences=AUDIENCES), words),
    }
    for name, (ask, texts) in kinds.items():
        for _ in range(rounds):
            times = [_seconds(partial(ask, text)) for text in texts]
        _say(name, _spread(times))


def _change(engine: Engine) -> None:
    def post(number: int) -> None:
        word = "qx" + "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "xq"  # in no data set
        fresh = Document(
            id=f"fresh:{number}",
            kind="post",
            text=f"a fresh post about {word}",
            audience_id=EVERYONE,
            created_at=datetime.now(UTC),
            author_id=1,
        )
        engine.apply(Batch(watermark=2 + number, add=[fresh]))
        if engine.search(SearchQuery(word, AUDIENCES)).total != 1:
            raise RuntimeError("a post that was just added is not found")

    _say("one post until it is found", _spread([_seconds(partial(post, number)) for number in range(200)]))
    _say("flush of 200 posts", f"{_seconds(engine.flush) * 1000:.0f} ms")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _spread(seconds: Iterable[float]) -> str:
    ordered = sorted(seconds)
    return f"p50 {ordered[len(ordered) // 2] * 1000:.1f} ms, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.1f} ms"


def _say(name: str, figure: str) -> None:
    print(f"{name:<32}{figure}", flush=True)
