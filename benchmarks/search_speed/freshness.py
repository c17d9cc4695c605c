"""From writing a post to finding it, in the process that asks: straight into the engine, and after a commit.

    python -m benchmarks.search_speed.freshness DATA_FOLDER

The data folder is left as it was: everything happens on a copy. Prints milliseconds as JSON.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from benchmarks.search_speed.corpus import Corpus, audiences_of
from benchmarks.search_speed.product import settings_of
from intranet import create_app
from intranet.accounts.models import Person
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer, system
from intranet.operations.migrating import bring_up_to_date
from intranet.posts.actions import PostDraft, publish_post
from intranet.search.index import index_of
from search_index.documents import EVERYONE, Batch, Document, Kind
from search_index.engine import open_engine
from search_index.hits import SearchQuery

POSTS, WARM = 200, 20
_TEXT = "a fresh post about {word} and the reactor valve that sticks when the pump runs dry in the second hall at night"


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0])
    viewer = audiences_of(Corpus(folder.parent / "corpus").questions()["viewers"][0])
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        copy = Path(scratch) / "couth"
        shutil.copytree(folder, copy)
        engine = _in_the_engine(copy, viewer)
        product = _after_a_commit(copy, viewer)
    print(json.dumps({"engine": engine, "product": product}))
    return 0


def _in_the_engine(folder: Path, viewer: frozenset[int]) -> list[float]:
    engine = open_engine(folder / "index", writer=False)
    mark = engine.watermark

    def measured(number: int) -> float:
        word = word_of(number)
        started = time.perf_counter()
        document = Document(
            id=f"post:fresh{number}",
            kind=Kind.POST,
            text=_TEXT.format(word=word),
            audience_id=EVERYONE,
            created_at=datetime.now(UTC),
            author_id=1,
        )
        engine.apply(Batch(watermark=mark, add=[document]))
        _require(engine.search(SearchQuery(word, viewer)).total)
        return (time.perf_counter() - started) * 1000

    return _each(measured)


def _after_a_commit(folder: Path, viewer: frozenset[int]) -> list[float]:
    bring_up_to_date(settings_of(folder))
    app = create_app(settings_of(folder))
    database = runtime(app).database
    with app.app_context():
        index = index_of(app)
        with database.reading(system(reason="search: any colleague will do as the author")) as session:
            author = Viewer(id=session.scalars(select(Person.id).limit(1)).one(), roles=frozenset({Role.MEMBER}))
        index.ask(lambda engine: engine.watermark)

        def measured(number: int) -> float:
            word = word_of(number)
            with database.unit_of_work(author) as session:
                publish_post(session, author, PostDraft(text=_TEXT.format(word=word)))
            started = time.perf_counter()
            _require(index.ask(lambda engine: engine.search(SearchQuery(word, viewer))).total)
            return (time.perf_counter() - started) * 1000

        taken = _each(measured)
        index.close()
    database.engine.dispose()
    return taken


def _each(measured: Callable[[int], float]) -> list[float]:
    return [measured(number) for number in range(WARM + POSTS)][WARM:]


def word_of(number: int) -> str:
    """A word that nobody ever wrote."""
    return "qx" + "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "xq"


def _require(total: int) -> None:
    if total != 1:
        raise RuntimeError(f"a post that was just written is found {total} times")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
