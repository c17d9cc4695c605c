"""When a digest is due: at the reader's own time of day, daily or on Mondays, if something waits."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock, jobs
from intranet.notifications.mailing import WRITE
from intranet.notifications.models import Digest, Notice, Rhythm
from intranet.notifications.quiet import quiet_of
from intranet.people.hours import zone_of
from intranet.people.models import Profile

_EVERY = timedelta(minutes=10)
_TOGETHER = 200
_ROUND = "notifications.digest-round"


def last_due(moment: datetime, zone: ZoneInfo, minute: int, digest: Digest) -> datetime | None:
    """The latest moment up to ``moment`` at which a digest was due: ``minute`` of the reader's day, every day or on
    Mondays; None for somebody who wants none. A time that their clock skips counts as the moment after it."""
    if digest is Digest.NEVER:
        return None
    local = moment.astimezone(zone)
    for back in range(8):
        day = local.date() - timedelta(days=back)
        if digest is Digest.WEEKLY and day.weekday() != 0:
            continue
        due = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(moment.tzinfo)
        if due <= moment:
            return due
    return None


@jobs.job("notifications.digests", every=_EVERY)
def begin_round(session: Session, _payload: dict[str, Any]) -> None:
    """Look through everybody for whom something waits, some hundred at a time."""
    jobs.later(session, _ROUND, {"after": "0"})


@jobs.job(_ROUND)
def digest_round(session: Session, payload: dict[str, Any]) -> None:
    """Have digests written for the next few hundred people."""
    after = int(payload["after"])
    waiting = select(Notice.person_id).where(
        Notice.read_at.is_(None), Notice.told_at.is_(None), Notice.withdrawn_at.is_(None), Notice.person_id > after
    )
    people = list(session.scalars(waiting.distinct().order_by(Notice.person_id).limit(_TOGETHER)))
    for person_id in people:
        _consider(session, person_id)
    if len(people) == _TOGETHER:
        jobs.later(session, _ROUND, {"after": str(people[-1])})


def _consider(session: Session, person_id: int) -> None:
    """A person of whom nothing is written yet begins with the digest after the first notice that waits for them."""
    rhythm = session.get(Rhythm, person_id)
    if rhythm is None:
        first = select(Notice.created_at).where(Notice.person_id == person_id, Notice.told_at.is_(None))
        begun = session.scalar(first.order_by(Notice.created_at, Notice.id).limit(1))
        rhythm = Rhythm(person_id=person_id, quiet_days=[], digest_done=begun or clock.now())
        session.add(rhythm)
        session.flush()
    profile = session.get(Profile, person_id)
    zone = zone_of(profile.timezone or "" if profile else "") or ZoneInfo("UTC")
    due = last_due(clock.now(), zone, rhythm.digest_at, rhythm.digest)
    if due is None or due <= rhythm.digest_done or quiet_of(session, person_id).holds_at(clock.now()):
        return
    rhythm.digest_done = due
    jobs.later(session, WRITE, {"person_id": str(person_id), "is_digest": True})
