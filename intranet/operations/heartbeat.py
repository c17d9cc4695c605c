"""The worker says every few seconds that it lives; health, doctor and the supervisor of a company's site read it."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock, worker
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.operations.models import WorkerHeartbeat

EVERY = 15.0  # seconds: each beat is a small write
OVERDUE = timedelta(seconds=90)


def register(_app: Flask) -> None:
    worker.each_turn(beat_now, every=EVERY, everywhere=True)


def beat_now(app: Flask) -> None:
    """The worker's sign of life."""
    runtime(app).database.transact(system(reason="operations: the worker lives"), beat)


def beat(session: Session) -> None:
    found = session.get(WorkerHeartbeat, worker.HOST)
    if found is None:
        session.add(WorkerHeartbeat(host=worker.HOST, beat_at=clock.now()))
    else:
        found.beat_at = clock.now()


def last_beat(session: Session) -> datetime | None:
    """The newest beat of any machine's worker."""
    return session.scalar(select(func.max(WorkerHeartbeat.beat_at)))


def is_alive(session: Session) -> bool:
    newest = last_beat(session)
    return newest is not None and abs(clock.now() - newest) < OVERDUE  # one of the future is of a clock that was wrong
