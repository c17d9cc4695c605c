"""A rebuild stands beside the old index until it is whole, whoever helps with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search_index.documents import Document
from search_index.engine import Engine, Helper, build_part
from tests.search_index.writing import document, found, put


def helper_for(*documents: Document) -> Helper:
    @contextmanager
    def helper(folder: Path) -> Iterator[None]:
        yield
        assert build_part(folder, documents) == len(documents)

    return helper


@contextmanager
def failing(folder: Path) -> Iterator[None]:
    build_part(folder, [document(9, "half done")])
    yield
    raise RuntimeError("the other process was killed")


def test_both_shares_of_a_rebuild_are_found_in_one_segment(engine: Engine) -> None:
    own = [document(number, "own share") for number in range(3)]
    helper = helper_for(document(7, "other share"), document(8, "other share"))
    assert engine.rebuild(own, watermark=5, helper=helper) == 5
    assert found(engine, "share") == {"post:0", "post:1", "post:2", "post:7", "post:8"}
    assert engine.health().segments == 1
    assert engine.check().ok


def test_when_the_helper_fails_the_old_index_stays(engine: Engine, directory: Path) -> None:
    engine.rebuild([document(1, "old")], watermark=5)
    with pytest.raises(RuntimeError, match="killed"):
        engine.rebuild([document(2, "new")], watermark=6, helper=failing)
    assert found(engine, "old") == {"post:1"}
    assert found(engine, "half OR new") == set()
    assert engine.check().ok
    assert engine.rebuild([document(2, "new")], watermark=6) == 1
    assert len(list(directory.glob("index-*"))) == 1


def test_a_rebuild_that_cannot_read_leaves_the_old_index(engine: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield document(2, "new")
        raise OSError("the database is gone")

    engine.rebuild([document(1, "old")], watermark=5)
    with pytest.raises(OSError, match="gone"):
        engine.rebuild(documents(), watermark=6)
    put(engine, document(3, "old too"), at=7)
    engine.flush()
    assert found(engine, "old") == {"post:1", "post:3"}
    assert not engine.health().rebuild


def test_posts_are_stored_and_found_while_a_rebuild_runs(engine: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield document(1, "apple")
        put(engine, document(5, "meanwhile"), at=9)
        engine.flush()
        assert found(engine, "meanwhile") == {"post:5"}
        yield document(2, "pear")

    engine.rebuild([document(1, "apple")], watermark=5)
    engine.rebuild(documents(), watermark=8)
    assert engine.watermark == 8  # what came meanwhile is asked for again
    put(engine, document(5, "meanwhile"), at=9)
    assert found(engine, "apple OR pear OR meanwhile") == {"post:1", "post:2", "post:5"}
