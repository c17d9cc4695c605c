"""What can be said about the product from outside: is the data reachable, is the worker alive, does anything lag."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from intranet.operations.heartbeat import is_alive, last_beat
from intranet.search.index import index_of

# Beyond this many unread events a subscriber does not lag for a moment, it stands.
MUCH = 5000


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much a part of the product still has before it, in events, and up to which one it has read."""

    subscriber: str
    events: int
    position: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs of one kind whose time has come, and for how long the first of them has been due."""

    kind: str
    count: int
    seconds: float


def index_state() -> str:
    """ "ok", or what is wrong with the search index. Call it outside any transaction."""
    found = index_of().health()
    if found.ok:
        return "ok"
    return "to be rebuilt" if found.rebuild else "damaged"


def backlogs(session: Session) -> list[Backlog]:
    """What each subscriber has not read yet, on the machine that is furthest."""
    last = outbox.newest_id(session)
    furthest = select(outbox.Cursor.subscriber, func.max(outbox.Cursor.position)).group_by(outbox.Cursor.subscriber)
    positions = {row[0]: int(row[1]) for row in session.execute(furthest)}
    stands = {name: positions.get(name, 0) for name in outbox.subscribers()}
    return [Backlog(name, max(0, last - place), place) for name, place in stands.items()]


def waits(session: Session, lags: Iterable[Backlog]) -> dict[str, float]:
    """For how long the first event that a subscriber has not read has been there, in seconds; 0 where all are read."""
    lags, present = list(lags), clock.now()
    ages = {place: _age(session, place, present) for place in {lag.position for lag in lags if lag.events}}
    return {lag.subscriber: ages.get(lag.position, 0.0) for lag in lags}


def _age(session: Session, position: int, present: datetime) -> float:
    following = outbox.after(session, position, limit=1)
    return max(0.0, (present - following[0].created_at).total_seconds()) if following else 0.0


def queues(session: Session) -> list[Queue]:
    """What is due and not done, by kind."""
    present = clock.now()
    due = (
        select(jobs.Job.kind, func.count(), func.min(jobs.Job.run_at))
        .where(jobs.Job.state == jobs.JobState.WAITING, jobs.Job.run_at <= present)
        .group_by(jobs.Job.kind)
        .order_by(jobs.Job.kind)
    )
    return [Queue(kind, count, (present - since).total_seconds()) for kind, count, since in session.execute(due)]


def dead_letters(session: Session) -> int:
    """Events that a subscriber gave up on."""
    return session.scalar(select(func.count()).select_from(outbox.DeadLetter)) or 0


def failed_jobs(session: Session) -> int:
    """Jobs that were given up."""
    failed = select(func.count()).select_from(jobs.Job).where(jobs.Job.state == jobs.JobState.FAILED)
    return session.scalar(failed) or 0


def seconds_since_beat(session: Session) -> float | None:
    """Age of the worker's last sign of life; None where there never was one."""
    newest = last_beat(session)
    return (clock.now() - newest).total_seconds() if newest else None


def report(database: Database) -> dict[str, str]:
    """Each part with "ok" or a word for what is wrong; ``status`` sums them up.

    A dead worker leaves pages readable, so it makes the whole "degraded", not "down".
    """
    try:
        with database.reading(system(reason="operations: health")) as session:
            worker = "ok" if is_alive(session) else "silent"
    except SQLAlchemyError:
        return {"status": "down", "database": "unreachable", "index": "unknown", "worker": "unknown"}
    parts = {"database": "ok", "index": index_state(), "worker": worker}
    is_well = all(state == "ok" for state in parts.values())
    return {"status": "ok" if is_well else "degraded", **parts}
