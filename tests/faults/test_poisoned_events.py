"""An event that a part of the product cannot take: parked, shown, and taken once when that part is mended."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.event import listen

from intranet.governance.models import AuditEntry
from intranet.kernel import clock, jobs, outbox, parked
from intranet.kernel.db import Database, Session
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer


@outbox.event("tests.poison")
@dataclass(frozen=True, slots=True)
class Poison:
    """Something that the first version of its handler cannot take."""

    number: int


class Part:
    """A subscriber with a fault that an update mends."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.poison: set[int] = {2}

    def take(self, session: Session, event: Poison) -> None:
        """It is taken when that is committed: what stood in one transaction with poison comes again."""
        if event.number in self.poison:
            raise ValueError(f"cannot take <b>{event.number}</b>")
        listen(session, "after_commit", lambda _session: self.taken.append(event.number), once=True)


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch, database: Database) -> Part:
    made = Part()
    monkeypatch.setitem(outbox._handlers, "tests-part", {Poison: [made.take]})
    monkeypatch.setattr(outbox, "_PAUSE", 0)
    with database.unit_of_work(SYSTEM) as session:
        for number in (1, 2, 3):
            outbox.record(session, Poison(number))
    assert outbox.drain(database, "tests-part", "*") == 3
    return made


def waiting(database: Database) -> list[tuple[str, int]]:
    with database.reading(SYSTEM) as session:
        return list(parked.waiting(session))


def test_it_is_parked_and_holds_up_nothing_else(part: Part, database: Database, app: Flask) -> None:
    assert part.taken == [1, 3]
    [(subscriber, event_id)] = waiting(database)
    told = app.test_cli_runner().invoke(args=["events", "parked"]).output
    assert f"{subscriber} {event_id}  tests.poison" in told
    assert "cannot take" in told


def test_it_outlives_the_pruning_of_events(part: Part, database: Database, app: Flask) -> None:
    with clock.fixed(clock.now() + timedelta(days=30)):
        database.transact(SYSTEM, outbox.prune)
    with database.reading(SYSTEM) as session:
        assert [row.payload for row in session.scalars(select(outbox.OutboxEvent))] == [{"number": 2}]
    part.poison.clear()
    assert app.test_cli_runner().invoke(args=["events", "retry"]).exit_code == 0
    assert part.taken == [1, 3, 2]


def test_the_command_line_tries_again_until_it_is_mended(part: Part, database: Database, app: Flask) -> None:
    run = app.test_cli_runner().invoke
    stays = run(args=["events", "retry"])
    assert stays.exit_code == 1
    assert "stays parked" in stays.output
    part.poison.clear()
    assert run(args=["events", "retry", "tests-part"]).exit_code == 0
    assert part.taken == [1, 3, 2]
    again = run(args=["events", "retry"])
    assert (again.exit_code, part.taken) == (1, [1, 3, 2]), "taken once"
    assert "nothing of that name is parked" in again.output
    assert waiting(database) == []


def test_the_command_line_lets_it_go(part: Part, database: Database, app: Flask) -> None:
    [(subscriber, event_id)] = waiting(database)
    assert app.test_cli_runner().invoke(args=["events", "drop", subscriber, str(event_id)]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["events", "drop", subscriber, str(event_id)]).exit_code == 1
    assert waiting(database) == []
    assert part.taken == [1, 3]


def test_an_admin_sees_it_and_has_it_tried_again_once(
    part: Part, database: Database, app: Flask, cast: Cast, as_viewer: AsViewer
) -> None:
    [(subscriber, event_id)] = waiting(database)
    dana = as_viewer(cast.dana)
    page = dana.get("/admin/letters").text
    assert "tests.poison" in page
    assert "cannot take &lt;b&gt;2&lt;/b&gt;" in page
    form = {"subscriber": subscriber, "event_id": str(event_id)}
    assert dana.post("/admin/letters/parked/again", data=form).status_code == 303
    with app.app_context():
        jobs.run_due(database)
    assert waiting(database) == [(subscriber, event_id)], "it is not mended yet"
    part.poison.clear()
    for _ in range(2):  # somebody who presses twice
        assert dana.post("/admin/letters/parked/again", data=form).status_code == 303
    with app.app_context():
        jobs.run_due(database)
    assert part.taken == [1, 3, 2]
    assert dana.post("/admin/letters/parked/again", data=form).status_code == 404
    outbox.drain(database, "audit", "*")
    with database.reading(SYSTEM) as session:
        audited = list(session.scalars(select(AuditEntry.action)))
    assert audited.count("letter.event-tried-again") == 3


def test_nobody_else_finds_it(part: Part, database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    [(subscriber, event_id)] = waiting(database)
    bob = as_viewer(cast.bob)
    for way in ("again", "drop"):
        form = {"subscriber": subscriber, "event_id": str(event_id)}
        assert bob.post(f"/admin/letters/parked/{way}", data=form).status_code in {403, 404}
    assert waiting(database) == [(subscriber, event_id)]
    dana = as_viewer(cast.dana)
    assert dana.post("/admin/letters/parked/drop", data={"subscriber": "x", "event_id": "-1"}).status_code == 404
    assert (
        dana.post("/admin/letters/parked/drop", data={"subscriber": subscriber, "event_id": str(event_id)}).status_code
        == 303
    )
    assert waiting(database) == []
