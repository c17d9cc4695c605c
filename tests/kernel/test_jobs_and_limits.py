"""Work for later is done once, tried again when it fails, and shown when it keeps failing; limits hold."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from intranet.kernel import clock, ids, jobs, ratelimit
from intranet.kernel.db import Database, Session
from intranet.kernel.errors import NotFound, TooFast
from intranet.kernel.ids import moment_of, new_id, parse_id
from tests.cast import SYSTEM, Cast

done: list[Any] = []


@jobs.job("tests.note")
def note(_session: Session, payload: dict[str, Any]) -> None:
    done.append(payload["words"])


@jobs.job("tests.fail")
def fail(_session: Session, _payload: dict[str, Any]) -> None:
    raise RuntimeError("no paper")


@pytest.fixture(autouse=True)
def forget() -> None:
    done.clear()


def put_off(database: Database, kind: str, payload: dict[str, Any]) -> None:
    database.transact(SYSTEM, lambda session: jobs.later(session, kind, payload))


def test_a_job_runs_once(database: Database, cast: Cast) -> None:
    put_off(database, "tests.note", {"words": "hi"})
    jobs.run_due(database)
    jobs.run_due(database)
    assert done == ["hi"]


def test_a_job_for_tomorrow_waits(database: Database, cast: Cast) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    database.transact(SYSTEM, lambda session: jobs.later(session, "tests.note", {"words": "later"}, at=tomorrow))
    jobs.run_due(database)
    assert done == []
    with clock.fixed(tomorrow):
        jobs.run_due(database)
    assert done == ["later"]


def test_a_failing_job_is_tried_again_later_and_then_set_aside(
    database: Database, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    put_off(database, "tests.fail", {})
    moment = clock.now()
    for _ in range(8):
        jobs.run_due(database)
        moment += timedelta(hours=2)
        with clock.fixed(moment):
            jobs.run_due(database)
    with database.reading(SYSTEM) as session:
        row = session.scalars(select(jobs.Job)).one()
        assert (row.state, row.attempts) == (jobs.JobState.FAILED, 8)
        assert "no paper" in row.last_error
    assert "failed" in caplog.text


def test_an_unknown_kind_is_refused_when_it_is_put_off(database: Database, cast: Cast) -> None:
    with pytest.raises(ValueError, match="no job of kind"):
        put_off(database, "tests.unheard-of", {})


def test_a_limit_counts_refused_attempts_and_ends_with_its_window(database: Database, cast: Cast) -> None:
    def attempt() -> None:
        ratelimit.limit(database, "door:ada", most=2, per=timedelta(minutes=5))

    attempt()
    attempt()
    with pytest.raises(TooFast) as caught:
        attempt()
    assert 290 < caught.value.retry_after <= 300
    ratelimit.limit(database, "door:bob", most=2, per=timedelta(minutes=5))
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        attempt()


def test_ids_rise_and_tell_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # A test before it may have lived in a later year, and ids never go back.
    monkeypatch.setattr(ids, "_last", 0)
    made = [new_id() for _ in range(2000)]
    assert made == sorted(set(made))
    assert abs(moment_of(made[0]) - clock.now()) < timedelta(seconds=5)
    past = clock.now() - timedelta(days=700)
    assert abs(moment_of(new_id(past)) - past) < timedelta(milliseconds=2)


@pytest.mark.parametrize("odd", ["", "-1", "1e3", "٣", "99999999999999999999", " 1", "1/2"])
def test_what_is_no_id_is_not_found(odd: str) -> None:
    with pytest.raises(NotFound):
        parse_id(odd)
