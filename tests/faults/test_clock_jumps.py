"""The machine's clock is set, forwards and back: ids go on upwards, nobody is locked out, no work is forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.kernel import clock, jobs
from intranet.kernel.db import Database, Session
from intranet.kernel.errors import TooFast
from intranet.kernel.ids import new_id
from intranet.kernel.ratelimit import limit
from intranet.operations import heartbeat
from tests.cast import SYSTEM

YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)
done: list[int] = []


@jobs.job("tests.after-a-jump")
def _work(_session: Session, payload: dict[str, Any]) -> None:
    done.append(payload["number"])


def waiting(database: Database) -> list[datetime]:
    with database.reading(SYSTEM) as session:
        return list(session.scalars(select(jobs.Job.run_at)))


def test_ids_go_on_upwards_whatever_the_clock_does() -> None:
    made = []
    for jump in (timedelta(0), HOUR, -HOUR, -YEAR, timedelta(0)):
        with clock.fixed(clock.now() + jump):
            made += [new_id() for _ in range(50)]
    assert made == sorted(set(made))


def test_a_limit_of_a_wrong_clock_locks_nobody_out(database: Database) -> None:
    def use() -> None:
        limit(database, "tests:jump", most=1, per=HOUR)

    with clock.fixed(clock.now() + YEAR):
        use()
        with pytest.raises(TooFast):
            use()
    use()  # a year before the window began
    with pytest.raises(TooFast):
        use()


def test_work_that_a_wrong_clock_put_off_is_done_when_it_is_set_right(database: Database, app: Flask) -> None:
    done.clear()

    def put_off(number: int, at: datetime) -> None:
        database.transact(SYSTEM, lambda session: jobs.later(session, "tests.after-a-jump", {"number": number}, at=at))

    with clock.fixed(clock.now() + YEAR):
        put_off(1, clock.now())
        put_off(2, clock.now() + HOUR)
    planned = clock.now() + 2 * HOUR
    put_off(3, planned)
    with app.app_context():
        assert jobs.run_due(database) == 0
        assert jobs.set_right(database) == 2
        jobs.run_due(database)
        assert done == [1]
        assert jobs.set_right(database) == 0, "what was put off rightly stays put off"
        soon, late = sorted(waiting(database))
        assert timedelta(minutes=50) < soon - clock.now() <= HOUR
        assert late == planned
        with clock.fixed(clock.now() + HOUR):
            jobs.run_due(database)
    assert done == [1, 2]


def test_work_that_repeats_is_not_put_off_by_a_jump_back(database: Database, app: Flask) -> None:
    with clock.fixed(clock.now() + YEAR):
        jobs.schedule_repeating(database)
    with app.app_context():
        jobs.set_right(database)
    assert waiting(database)
    assert all(at <= clock.now() for at in waiting(database))


def test_a_beat_from_the_future_is_no_sign_of_life(database: Database) -> None:
    with clock.fixed(clock.now() + YEAR), database.unit_of_work(SYSTEM) as session:
        heartbeat.beat(session)
    with database.reading(SYSTEM) as session:
        assert not heartbeat.is_alive(session)
