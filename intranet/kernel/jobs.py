"""Work for later: a row in the same transaction as its cause, run by the worker, retried with growing pauses.

Work that waits for other machines has a slow part, which runs aside and outside of any transaction.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import JSON, Index, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from intranet.kernel import clock, doing, journal
from intranet.kernel.db import WAKES, Base, Database, Identified
from intranet.kernel.ids import first_id_of, moment_of
from intranet.kernel.prepared import Prepared
from intranet.kernel.viewer import Viewer, system

log = logging.getLogger(__name__)

Run = Callable[[Session, dict[str, Any]], None]
Slow = Callable[[Database, dict[str, Any]], Any]
Finish = Callable[[Session, dict[str, Any], Any], None]
Aside = Callable[[Callable[[], None]], object]
_ATTEMPTS = 8
_TOLERANCE = timedelta(minutes=1)  # a clock that is ahead by less does no harm
_AT_ONCE = 500
# How long a slow part is left alone; if it was not heard of by then, its process is gone, and it begins again.
_LEASE = timedelta(minutes=2)

_kinds: dict[str, Run] = {}
_slow: dict[str, tuple[Slow, Finish]] = {}
_every: dict[str, timedelta] = {}


class NotNow(Exception):
    """What a job waits for is away, as can happen any day: its words say all that there is to say."""


class JobState(StrEnum):
    """A failed job stays as a dead letter for ``doctor`` to show."""

    WAITING = "waiting"
    FAILED = "failed"


class Job(Identified, Base):
    """One piece of work; the row goes when it is done."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "state", "run_at"),)

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    request_id: Mapped[str | None] = mapped_column(String(doing.LONGEST_ID))
    last_error: Mapped[str] = mapped_column(String(2000), default="")


def job(kind: str, *, every: timedelta | None = None) -> Callable[[Run], Run]:
    """Register the idempotent ``run(session, payload)`` of a kind; with ``every`` the worker keeps one waiting."""

    def register(run: Run) -> Run:
        _kinds[kind] = run
        if every is not None:
            _every[kind] = every
        return run

    return register


def slow_job(kind: str, slow: Slow) -> Callable[[Finish], Finish]:
    """Register a kind in two parts: ``slow(database, payload)`` may wait for others and holds no transaction; what it
    found goes to the idempotent ``finish(session, payload, found)``."""

    def register(finish: Finish) -> Finish:
        _slow[kind] = (slow, finish)
        return finish

    return register


def later(session: Session, kind: str, payload: dict[str, Any], *, at: datetime | None = None) -> None:
    """Have the worker do this after the commit, at ``at`` or as soon as it can."""
    if kind not in _kinds and kind not in _slow:
        raise ValueError(f"no job of kind {kind!r}")
    session.add(Job(kind=kind, payload=payload, run_at=at or clock.now(), request_id=doing.request_id()))
    if at is None:
        session.info[WAKES] = True


def give_up(session: Session, kind: str, payload: dict[str, Any], reason: str) -> None:
    """Leave a dead letter: what a job could not do, to be tried again by whoever sees to it."""
    session.add(Job(kind=kind, payload=payload, run_at=clock.now(), state=JobState.FAILED, last_error=reason[:2000]))


def given_up(session: Session, *, before: int | None = None, limit: int) -> list[Job]:
    """Dead letters, the latest first; ``before`` is the id of the last one that was seen."""
    found = select(Job).where(Job.state == JobState.FAILED)
    if before is not None:
        found = found.where(Job.id < before)
    return list(session.scalars(found.order_by(Job.id.desc()).limit(limit)))


def try_again(session: Session, job_id: int) -> str | None:
    """Have a dead letter done after all, with all its attempts before it; its kind, or None where there is none."""
    row = session.get(Job, job_id, with_for_update=True)
    if row is None or row.state is not JobState.FAILED:
        return None
    row.state, row.attempts, row.run_at = JobState.WAITING, 0, clock.now()
    return row.kind


def try_all_again(session: Session) -> int:
    """The same for every dead letter, as after the mail server was away for a night; returns how many there were."""
    again = {"state": JobState.WAITING, "attempts": 0, "run_at": clock.now()}
    return len(session.scalars(update(Job).where(Job.state == JobState.FAILED).values(again).returning(Job.id)).all())


def let_go(session: Session, job_id: int) -> str | None:
    """Forget a dead letter; as ``try_again`` otherwise."""
    row = session.get(Job, job_id, with_for_update=True)
    if row is None or row.state is not JobState.FAILED:
        return None
    session.delete(row)
    return row.kind


def schedule_repeating(database: Database) -> None:
    """See that each repeating kind has one job waiting."""
    viewer = system(reason="jobs: schedule what repeats")

    def fill(session: Session) -> None:
        waiting = set(session.scalars(select(Job.kind).where(Job.kind.in_(_every))))
        for kind in _every.keys() - waiting:
            later(session, kind, {})

    database.transact(viewer, fill)


def set_right(database: Database) -> int:
    """Bring back to its place what was put off while the clock was ahead; returns how many jobs were.

    Ids tell when a job was made: one of the future is of a wrong clock, and waits as long from now as it was to wait
    then.
    """

    def bring_back(session: Session) -> int:
        present = clock.now()
        of_the_future = select(Job).where(Job.id >= first_id_of(present + _TOLERANCE), Job.state == JobState.WAITING)
        brought = 0
        for row in session.scalars(of_the_future.limit(_AT_ONCE)):
            made = moment_of(row.id)
            # A process whose clock was ahead goes on with the ids of that time: what it plans now is for earlier.
            if row.run_at > max(made, present) - _TOLERANCE and row.run_at > present + (row.run_at - made) + _TOLERANCE:
                row.run_at = present + max(timedelta(0), row.run_at - made)
                brought += 1
        return brought

    return database.transact(system(reason="jobs: the clock was set"), bring_back)


_DUE = Prepared(
    select(Job.id, Job.kind, Job.request_id)
    .where(Job.state == JobState.WAITING, Job.run_at <= bindparam("now"))
    .order_by(Job.run_at, Job.id)
    .limit(bindparam("most"))
)


def run_due(database: Database, *, limit: int = 20, aside: Aside | None = None) -> int:
    """Run what is due, each in a transaction of its own; returns how many were tried.

    Slow ones are handed to ``aside``, or without it done in place.
    """
    viewer = system(reason="jobs: work that was put off")
    with database.reading(viewer) as session:
        found = _DUE.rows(session, {"now": clock.now(), "most": limit})
    for job_id, kind, request_id in found:
        told = _Told(job_id, kind, request_id)
        if kind not in _slow:
            _guarded(database, viewer, told, partial(_run_now, database, viewer, job_id))
            continue
        payload = database.transact(viewer, partial(_claim, job_id=job_id))
        if payload is None:
            continue
        work = partial(_guarded, database, viewer, told, partial(_run_slowly, database, viewer, job_id, kind, payload))
        if aside is None:
            work()
        else:
            aside(work)
    return len(found)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the log says of a job."""

    id: int
    kind: str
    request_id: str | None


def _guarded(database: Database, viewer: Viewer, job: _Told, work: Callable[[], None]) -> None:
    with doing.under(job.request_id) as what:
        outcome, reason = "done", ""
        try:
            work()
        except NotNow as away:
            log.warning("job %s of kind %s waits: %s", job.id, job.kind, away)
            outcome, reason = "waits", str(away)
        except Exception as error:
            log.exception("job %s of kind %s failed", job.id, job.kind)
            outcome, reason = "failed", repr(error)
        if outcome != "done":
            database.transact(viewer, partial(_put_off, job_id=job.id, reason=reason[:2000]))
        journal.note("job", what, kind=job.kind, outcome=outcome)


def _run_now(database: Database, viewer: Viewer, job_id: int) -> None:
    database.transact(viewer, partial(_run, job_id=job_id))


def _run_slowly(database: Database, viewer: Viewer, job_id: int, kind: str, payload: dict[str, Any]) -> None:
    slow, finish = _slow[kind]
    found = slow(database, payload)

    def settle(session: Session) -> None:
        row = session.get(Job, job_id)
        if row is not None:  # otherwise it took longer than its lease, and somebody else was faster
            finish(session, payload, found)
            session.delete(row)

    database.transact(viewer, settle)


def _claim(session: Session, *, job_id: int) -> dict[str, Any] | None:
    row = session.get(Job, job_id, with_for_update=True)
    if row is None or row.run_at > clock.now():
        return None
    row.run_at = clock.now() + _LEASE
    return row.payload


def _run(session: Session, *, job_id: int) -> None:
    row = session.get(Job, job_id, with_for_update=True)  # two workers: the second waits, and finds it done
    if row is None or row.run_at > clock.now():
        return
    _kinds[row.kind](session, row.payload)
    if row.kind in _every:
        row.run_at, row.attempts = clock.now() + _every[row.kind], 0
    else:
        session.delete(row)


def _put_off(session: Session, *, job_id: int, reason: str) -> None:
    row = session.get(Job, job_id)
    if row is None:
        return
    row.attempts += 1
    row.last_error = reason
    row.run_at = clock.now() + timedelta(seconds=min(3600, 5 * 3 ** (row.attempts - 1)))
    if row.attempts >= _ATTEMPTS and row.kind not in _every:
        row.state = JobState.FAILED
