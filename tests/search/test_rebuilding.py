"""A rebuild reads everything once, in halves where there is much, and a second process takes one of them."""

from pathlib import Path

import pytest
from flask import Flask

from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.search import asking, rebuilding
from intranet.search.index import Index
from intranet.search.question import read_question
from intranet.search.rebuilding import Stretch
from tests.cast import Cast
from tests.search.writing import reply, say


@pytest.fixture
def posts(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """More than enough for two processes, in this test."""
    monkeypatch.setattr(rebuilding, "MANY", 2)
    return [say(database, cast.alice, f"Valve number {number} sticks") for number in range(9)]


def read(database: Database, stretches: list[Stretch]) -> list[str]:
    return [document.id for document in rebuilding.documents(database, stretches)]


def test_both_halves_together_are_everything_once(app: Flask, database: Database, cast: Cast, posts: list[int]) -> None:
    comment = reply(database, cast.bob, posts[0], "Oil it")
    first, second = rebuilding.halves(database)
    assert {stretch.kind for stretch in second} == {"post"}
    here, there = read(database, first), read(database, second)
    assert not set(here) & set(there)
    assert len(here + there) == len(set(here + there))
    assert {f"post:{number}" for number in posts} | {f"comment:{comment}"} <= set(here + there)
    assert len(there) >= len(posts) // 3


def test_a_small_company_is_read_by_one_process(app: Flask, database: Database, cast: Cast) -> None:
    say(database, cast.alice, "The reactor valve sticks")
    assert rebuilding.halves(database)[1] == []


def test_a_second_process_takes_half_and_everything_is_found(
    index: Index, database: Database, cast: Cast, posts: list[int]
) -> None:
    assert index.become_writer()
    told: list[int] = []
    count = index.rebuild(told.append)
    assert told[-1] == count == index.health().documents
    assert index.check().ok
    hits = asking.search(cast.carol, read_question("valve")).hits
    assert {hit.id for hit in hits} == {f"post:{number}" for number in posts}


def test_a_second_process_that_fails_is_told(app: Flask, database: Database, cast: Cast, tmp_path: Path) -> None:
    helper = rebuilding.helped_with(runtime(app).settings, [Stretch("no such kind", "", "")], lambda _count: None)
    with pytest.raises(RuntimeError, match="helped"), helper(tmp_path):
        pass
