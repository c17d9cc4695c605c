"""When somebody is to be left alone: their quiet hours and days on their own clock, and while they asked for it, which
their colleagues see too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.notifications.models import Level, Rhythm, Source, Wish
from intranet.people.hours import zone_of
from intranet.people.models import Profile

DAY = 24 * 60
_MORNING = time(8)
_FOR_GOOD = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet times of one person; ``start`` and ``end`` in minutes of their day, ``days`` with Monday as 0."""

    zone: ZoneInfo
    start: int | None = None
    end: int | None = None
    days: frozenset[int] = frozenset()
    focusing_until: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether the person is to be left alone then."""
        if self.focusing_until is not None and moment < self.focusing_until:
            return True
        local = moment.astimezone(self.zone)
        return local.weekday() in self.days or self._is_night(local.hour * 60 + local.minute)

    def _is_night(self, minute: int) -> bool:
        if self.start is None or self.end is None or self.start == self.end:
            return False
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def minutes_to_morning(self, moment: datetime) -> int:
        """How long it is from ``moment`` to eight of the next day, on the person's clock."""
        tomorrow = moment.astimezone(self.zone).date() + timedelta(days=1)
        left = datetime.combine(tomorrow, _MORNING, self.zone).astimezone(UTC) - moment
        return round(left / timedelta(minutes=1))

    def ends_after(self, moment: datetime) -> datetime:
        """The first moment from ``moment`` on at which the person may be told something; UTC as given.

        Looked for where quiet can end: when the focus runs out, at the end of the quiet hours, at midnight. Somebody
        whose whole week is quiet is told after eight days all the same.
        """
        if not self.holds_at(moment):
            return moment
        today = moment.astimezone(self.zone).date()
        marks = {0, self.end if self.end is not None else 0}
        ends = {
            datetime.combine(today + timedelta(days=day), time(mark // 60, mark % 60), self.zone)
            for day in range(9)
            for mark in marks
        }
        if self.focusing_until is not None:
            ends.add(self.focusing_until)
        free = (end for end in sorted(ends) if end > moment and not self.holds_at(end))
        return next(free, moment + timedelta(days=8)).astimezone(moment.tzinfo)


def quiet_of(session: Session, person_id: int) -> Quiet:
    """The quiet times of one person, on the clock of their profile."""
    rhythm, profile = session.get(Rhythm, person_id), session.get(Profile, person_id)
    return _quiet(rhythm, profile.timezone if profile else None, profile.focusing_until if profile else None)


def quiet_times(session: Session, people: Collection[int]) -> dict[int, Quiet]:
    """The same of many people, for ``questions``; who set nothing is missing. Who never wants to hear that they are
    asked is quiet for good. Two statements."""
    of_each = select(Person.id, Rhythm, Profile.timezone, Profile.focusing_until)
    of_each = of_each.outerjoin(Rhythm, Rhythm.person_id == Person.id)
    of_each = of_each.outerjoin(Profile, Profile.person_id == Person.id)
    set_something = or_(Rhythm.person_id.is_not(None), Profile.focusing_until.is_not(None))
    rows = session.execute(of_each.where(Person.id.in_(people), set_something))
    found = {person_id: _quiet(rhythm, timezone, until) for person_id, rhythm, timezone, until in rows}
    deaf = select(Wish.person_id).where(Wish.source == Source.ASKED, Wish.level == Level.NEVER)
    for person_id in session.scalars(deaf.where(Wish.person_id.in_(people))):
        found[person_id] = Quiet(ZoneInfo("UTC"), focusing_until=clock.now() + _FOR_GOOD)
    return found


def _quiet(rhythm: Rhythm | None, timezone: str | None, until: datetime | None) -> Quiet:
    zone = zone_of(timezone or "") or ZoneInfo("UTC")
    if rhythm is None:
        return Quiet(zone, focusing_until=until)
    return Quiet(zone, rhythm.quiet_from, rhythm.quiet_to, frozenset(rhythm.quiet_days), until)
