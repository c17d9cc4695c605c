"""A company moves from SQLite to PostgreSQL, and a hundred questions have the same answers before and after.

`script/bench move` makes a company of `--posts` posts (the invented one; with `--corpus DIR` the people, posts and
questions of a data set, which `COUTH_EXPERT_BENCH` names too), or takes the stopped installation in `--data DIR`. It
prints the rows and checksum of each table, which were equal on both sides, how long it took, and how many of the
questions had the same people in the same order with the same confidence. It moves to `--to URL`, an empty database, or
to a PostgreSQL server of its own.
"""

import argparse
import gzip
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from intranet import create_app
from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.demo import loading
from intranet.demo.generate import generate
from intranet.expertise.finding import Asked, find_experts
from intranet.kernel import clock
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system
from intranet.operations.migrating import bring_up_to_date
from intranet.operations.moving import Content, move
from intranet.search.commands import bring_up_to_date as fill_index
from intranet.search.index import index_of
from intranet.topics.models import Topic

QUESTIONS = 100
_SYSTEM = system(reason="benchmarks: moving a company")

Answers = list[list[tuple[int, float]]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench move", description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--corpus", type=Path, help="a folder with people, posts and queries as .jsonl.gz")
    parser.add_argument("--data", type=Path, help="the data folder of an installation that stands still")
    parser.add_argument("--to", default="", help="the address of an empty PostgreSQL database")
    options = parser.parse_args(arguments)
    bench = os.environ.get("COUTH_EXPERT_BENCH", "")
    corpus = options.corpus or (Path(bench) / "cpython" if bench else None)
    with tempfile.TemporaryDirectory(prefix="couth-move-") as folder, _target(options.to) as url:
        settings = Settings(data=options.data or Path(folder) / "data")
        if options.data is None:
            make_company(settings, posts=options.posts, corpus=corpus)
        else:
            make_ready(settings)
        return _measure(settings, url, questions_of(settings, corpus))


def _measure(settings: Settings, url: str, questions: Sequence[str]) -> int:
    began = time.perf_counter()
    before = answers(settings, questions)
    print(f"{len(questions)} questions answered in {time.perf_counter() - began:.1f} s", flush=True)
    began = time.perf_counter()
    rows = move(settings, url, tell=_tell)
    print(f"{rows} rows in {time.perf_counter() - began:.1f} s, each table read back and equal")
    after = answers(replace(settings, database_url=url), questions)
    same = sum(one == other for one, other in zip(before, after, strict=True))
    print(f"{same} of {len(questions)} questions have the same answer; {sum(map(bool, before))} have one")
    return 0 if same == len(questions) else 1


def _tell(table: str, content: Content) -> None:
    print(f"{content.rows:>10}  {content.checksum}  {table}", flush=True)


@contextmanager
def _target(url: str) -> Iterator[str]:
    if url:
        yield url
        return
    from tests.servers import postgresql_server  # noqa: PLC0415 (of the packages for tests, and only then)

    with postgresql_server() as server:
        yield server.empty()


def make_company(settings: Settings, *, posts: int, corpus: Path | None = None) -> None:
    """An installation with so many posts, and its index."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    bring_up_to_date(settings)
    app = create_app(settings)
    with app.app_context():
        if corpus is None:
            now = clock.now()
            loading.load(runtime().database, generate(now, posts=posts), now, lambda _done: None)
        else:
            with tempfile.TemporaryDirectory() as folder:
                _unpack(corpus, Path(folder), posts)
                done = app.test_cli_runner().invoke(args=["import", "jsonl", folder])
                if done.exit_code != 0:
                    raise SystemExit(done.output)
    make_ready(settings)


def make_ready(settings: Settings) -> None:
    """What a start and a worker do to an installation: the newest tables, and an index that knows all of it."""
    bring_up_to_date(settings)
    app = create_app(settings)
    began = time.perf_counter()
    with app.app_context():
        fill_index(index_of())
        index_of().close()
        runtime().database.engine.dispose()
    print(f"index up to date after {time.perf_counter() - began:.1f} s", flush=True)


def _unpack(corpus: Path, folder: Path, posts: int) -> None:
    for name, most in (("people", None), ("posts", posts)):
        with gzip.open(corpus / f"{name}.jsonl.gz", "rt", encoding="utf-8") as packed:
            lines = [line for number, line in enumerate(packed) if most is None or number < most]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


def questions_of(settings: Settings, corpus: Path | None = None) -> list[str]:
    """A hundred at most: those of the data set, or the names of topics and what people are called by their titles."""
    if corpus is not None:
        with gzip.open(corpus / "queries.jsonl.gz", "rt", encoding="utf-8") as packed:
            return [json.loads(line)["text"] for line in packed][:QUESTIONS]
    app = create_app(settings)
    with app.app_context(), runtime().database.reading(_SYSTEM) as session:
        topics = [f"{name}" for name in session.scalars(select(Topic.name).order_by(Topic.id).limit(QUESTIONS))]
    runtime(app).database.engine.dispose()
    pairs = [f"{one} {other}" for one, other in pairwise(topics)]
    triples = [f"who knows {one} and {other}" for one, other in zip(topics, topics[2:], strict=False)]
    return [*topics, *pairs, *triples][:QUESTIONS]


def answers(settings: Settings, questions: Sequence[str]) -> Answers:
    """Who is named to one member for each question, in order, with the confidence."""
    app = create_app(settings)
    with app.app_context():
        with runtime().database.reading(_SYSTEM) as session:
            asker = Viewer(session.scalars(select(Person.id).order_by(Person.id).limit(1)).one())
        found = [
            [(one.person_id, one.confidence) for one in find_experts(asker, Asked(text)).experts.items]
            for text in questions
        ]
        index_of().close()
        runtime().database.engine.dispose()
    return found
