"""The figures of the overview. Each is one short statement, whatever the place has grown to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.queries import member_count
from intranet.governance.reports.models import Report
from intranet.governance.reports.queries import waiting_count
from intranet.kernel.viewer import Viewer
from intranet.operations import health
from intranet.operations.heartbeat import OVERDUE
from intranet.people.presence import around_now

SLOW = 60.0
"""Seconds after which a part no longer keeps up: readers would notice."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A part of the product that follows what people do: for how long the first thing that it has not seen waits."""

    name: str
    seconds: float

    @property
    def is_slow(self) -> bool:
        return self.seconds > SLOW


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers about everybody and about nothing that only some may read. ``due`` counts work whose time has come,
    ``given_up`` what no retry could do; ``silent`` are the seconds since the worker's last sign of life, None where
    there never was one."""

    members: int
    around: int
    reports: int
    oldest_report_at: datetime | None
    followers: tuple[Follower, ...]
    due: int
    due_seconds: float
    given_up: int
    silent: float | None
    worker_is_alive: bool
    index: str

    @property
    def search(self) -> Follower:
        """How old what the search shows is."""
        return next((one for one in self.followers if one.name == "search"), Follower("search", 0.0))

    @property
    def slowest(self) -> Follower:
        """Of all parts the one that is furthest behind."""
        return max(self.followers, key=lambda one: one.seconds)


def overview(session: Session, viewer: Viewer, *, index: str) -> Overview:
    """``index`` is what ``health.index_state`` says, which is asked outside any transaction."""
    lags = health.backlogs(session)
    waits = health.waits(session, lags)
    queues = health.queues(session)
    silent = health.seconds_since_beat(session)
    oldest = select(func.min(Report.created_at)).where(Report.decided_at.is_(None))
    return Overview(
        members=member_count(session),
        around=around_now(session, viewer.member_id).count,
        reports=waiting_count(session),
        oldest_report_at=session.scalar(oldest),
        followers=tuple(Follower(name, waits[name]) for name in sorted(waits)),
        due=sum(queue.count for queue in queues),
        due_seconds=max((queue.seconds for queue in queues), default=0.0),
        given_up=health.dead_letters(session) + health.failed_jobs(session),
        silent=silent,
        worker_is_alive=silent is not None and silent < OVERDUE.total_seconds(),
        index=index,
    )
