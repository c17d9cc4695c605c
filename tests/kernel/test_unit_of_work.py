"""One transaction: events with the change, retries outside, and nothing kept of an error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from intranet.accounts.models import Person
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database, Session
from intranet.kernel.errors import Conflict
from intranet.kernel.outbox import Cursor, DeadLetter, OutboxEvent
from intranet.kernel.ratelimit import RateWindow
from tests.cast import SYSTEM, Cast, add_person


@outbox.event("tests.rung")
@dataclass(frozen=True, slots=True)
class Rung:
    """A bell rang."""

    bell_id: int


def ring(session: Session, bell: int = 1) -> None:
    outbox.record(session, Rung(bell))


def test_an_event_is_stored_with_its_change_and_not_without(database: Database, cast: Cast) -> None:
    def ring_and_fail(session: Session) -> None:
        ring(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.transact(SYSTEM, ring_and_fail)
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 0
    with database.unit_of_work(SYSTEM) as session:
        ring(session)
    with database.reading(SYSTEM) as session:
        assert [outbox.restore(row) for row in outbox.after(session, 0)] == [Rung(1)]


def test_a_refused_result_keeps_neither_rows_nor_events(database: Database, cast: Cast) -> None:
    def act(session: Session) -> bool:
        add_person(session, "frank")
        ring(session)
        return False

    database.transact(SYSTEM, act, keep=bool)
    with database.reading(SYSTEM) as session:
        assert session.scalar(select(Person).where(Person.username == "frank")) is None
        assert outbox.newest_id(session) == 0


def test_a_locked_database_is_tried_again_outside_the_transaction(database: Database, cast: Cast) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL locks rows: tests/contracts holds one")
    tries: list[int] = []

    def act(session: Session) -> None:
        tries.append(1)
        ring(session)

    with database.unit_of_work(SYSTEM) as holder:
        holder.connection()
        with pytest.raises(Exception, match="locked"):
            database.transact(SYSTEM, act, seconds=0.3)
    database.transact(SYSTEM, act)
    assert len(tries) > 2
    with database.reading(SYSTEM) as session:
        assert outbox.newest_id(session) == 1


def test_a_lasting_collision_is_a_conflict(database: Database, cast: Cast) -> None:
    with pytest.raises(Conflict):
        database.transact(SYSTEM, lambda session: add_person(session, "alice"))


def test_each_subscriber_reads_at_its_own_pace_and_once(database: Database, cast: Cast) -> None:
    heard: list[int] = []
    outbox.subscribe("tests-listener", Rung, lambda _session, event: heard.append(event.bell_id))
    with database.unit_of_work(SYSTEM) as session:
        for bell in (1, 2, 3):
            ring(session, bell)
    assert outbox.drain(database, "tests-listener", "here") == 3
    assert outbox.drain(database, "tests-listener", "here") == 0
    assert heard == [1, 2, 3]
    outbox.drain(database, "tests-listener", "elsewhere")
    assert heard == [1, 2, 3, 1, 2, 3]


def test_what_was_handled_is_not_handled_again_after_a_crash(database: Database, cast: Cast) -> None:
    heard: list[int] = []
    outbox.subscribe("tests-steady", Rung, lambda _session, event: heard.append(event.bell_id))
    with database.unit_of_work(SYSTEM) as session:
        ring(session, 1)
    assert outbox.Drainer(database, "here", ["tests-idle", "tests-steady"]).step() == 1  # and then it is killed
    after = outbox.Drainer(database, "here", ["tests-idle", "tests-steady"])
    assert after.step() == 0
    assert heard == [1]
    assert after.positions["tests-idle"] == after.positions["tests-steady"] == 1


def test_who_stumbles_holds_up_nobody_else(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    outbox.subscribe("tests-first", Rung, lambda _session, _event: heard.append("first"))
    outbox.subscribe("tests-second", Rung, lambda _session, _event: heard.append("second"))
    drainer = outbox.Drainer(database, "here", ["tests-first", "tests-second"])
    with database.unit_of_work(SYSTEM) as session:
        ring(session)
    with monkeypatch.context() as broken:
        broken.setattr(drainer, "_deliver", _unless_first(drainer._deliver))
        drainer.step()
    assert heard == ["second"]
    drainer.step()
    assert heard == ["second", "first"]
    assert "tests-first stumbled" in caplog.text


def _unless_first(deliver: Callable[..., int]) -> Callable[..., int]:
    def attempt(name: str, *rest: Any) -> int:
        if name == "tests-first":
            raise OSError("the disk is full")
        return deliver(name, *rest)

    return attempt


def test_an_event_nobody_can_take_is_set_aside_and_the_next_goes_on(
    database: Database, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[int] = []

    def fragile(_session: Session, event: Rung) -> None:
        if event.bell_id == 1:
            raise RuntimeError("cracked")
        heard.append(event.bell_id)

    outbox.subscribe("tests-fragile", Rung, fragile)
    with database.unit_of_work(SYSTEM) as session:
        ring(session, 1)
        ring(session, 2)
    outbox.drain(database, "tests-fragile", "here")
    assert heard == [2]
    with database.reading(SYSTEM) as session:
        letter = session.scalars(select(DeadLetter)).one()
        assert "cracked" in letter.reason
    assert "tests-fragile failed on event" in caplog.text


def test_what_happens_together_is_handled_in_one_transaction_and_a_fault_undoes_only_what_caused_it(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_MOMENT", 60)  # however busy the machine is
    sessions: list[Session] = []

    def note(session: Session, event: Rung) -> None:
        sessions.append(session)
        session.add(RateWindow(key=str(event.bell_id), began_at=clock.now(), ends_at=clock.now(), count=1))
        if event.bell_id == 6:
            session.flush()
            raise RuntimeError("cracked")

    outbox.subscribe("tests-together", Rung, note)
    with database.unit_of_work(SYSTEM) as session:
        for bell in (1, 2, 3):
            ring(session, bell)
    outbox.drain(database, "tests-together", "here")
    assert len(set(map(id, sessions))) == 1
    with database.unit_of_work(SYSTEM) as session:
        for bell in range(4, 10):
            ring(session, bell)
    outbox.drain(database, "tests-together", "here")
    with database.reading(SYSTEM) as session:
        assert sorted(session.scalars(select(RateWindow.key))) == ["1", "2", "3", "4", "5", "7", "8", "9"]
        assert session.scalars(select(DeadLetter.event_id)).all() == [6]
        assert session.get_one(Cursor, ("tests-together", "here")).position == 9


def test_outbox_ids_never_restart(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        ring(session)
    with database.unit_of_work(SYSTEM) as session:
        session.delete(session.get_one(outbox.OutboxEvent, outbox.after(session, 0)[0].id))
    with database.unit_of_work(SYSTEM) as session:
        ring(session)
    with database.reading(SYSTEM) as session:
        assert outbox.newest_id(session) == 2


def test_events_tell_what_happened(happens: Callable[..., list[object]], cast: Cast) -> None:
    assert happens(cast.alice, ring) == [Rung(1)]
