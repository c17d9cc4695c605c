"""One worker reads the outbox, however many are started; when it ends, another goes on where it stood."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.leading import Lead
from intranet.kernel.rooms import RoomsChanged
from intranet.kernel.worker import Worker
from tests.cast import SYSTEM, Cast


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What a subscriber was given, of all that happened."""
    found: list[int] = []
    monkeypatch.setattr(outbox, "_handlers", {})
    outbox.subscribe("tests-one", RoomsChanged, lambda _session, event: found.append(event.recipient_id))
    return found


@pytest.fixture
def hire(app: Flask, cast: Cast) -> Iterator[Callable[[], Worker]]:
    """Workers of the test's own."""
    with app.app_context(), ExitStack() as hired:

        def one_more() -> Worker:
            worker = Worker(app)
            hired.callback(worker.end)
            return worker

        yield one_more


def happens(database: Database, *numbers: int) -> None:
    with database.unit_of_work(SYSTEM) as session:
        for number in numbers:
            outbox.record(session, RoomsChanged(number))


def test_two_workers_by_mistake_do_nothing_twice(
    hire: Callable[[], Worker], database: Database, heard: list[int]
) -> None:
    first, second = hire(), hire()
    happens(database, 1, 2)
    first.turn(), second.turn()
    happens(database, 3)
    second.turn(), first.turn()
    assert heard == [1, 2, 3]


def test_the_one_that_stood_by_goes_on_where_the_other_ended(
    hire: Callable[[], Worker], database: Database, heard: list[int]
) -> None:
    first, second = hire(), hire()
    happens(database, 1)
    first.turn(), second.turn()
    first.end()
    happens(database, 2)
    second.turn()
    assert heard == [1, 2]


def test_a_lead_ends_with_its_holder_and_is_taken_once(database: Database, tmp_path: Path) -> None:
    first, second, third = (Lead(database, tmp_path) for _ in range(3))
    assert [first.is_ours(), second.is_ours(), first.is_ours()] == [True, False, True]
    first.resign()
    assert [second.is_ours(), third.is_ours(), first.is_ours()] == [True, False, False]
    second.resign()
