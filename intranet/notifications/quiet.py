"""When somebody is to be left alone: their quiet hours and days on their own clock, while they snooze, and while they
let nothing in chat disturb them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intranet.chat.models import ChatChoices
from intranet.notifications.models import Rhythm
from intranet.people.hours import zone_of
from intranet.people.models import Profile

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet times of one person; ``start`` and ``end`` in minutes of their day, ``days`` with Monday as 0."""

    zone: ZoneInfo
    start: int | None = None
    end: int | None = None
    days: frozenset[int] = frozenset()
    snoozed_until: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether the person is to be left alone then."""
        if self.snoozed_until is not None and moment < self.snoozed_until:
            return True
        local = moment.astimezone(self.zone)
        return local.weekday() in self.days or self._is_night(local.hour * 60 + local.minute)

    def _is_night(self, minute: int) -> bool:
        if self.start is None or self.end is None or self.start == self.end:
            return False
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def ends_after(self, moment: datetime) -> datetime:
        """The first moment from ``moment`` on at which the person may be told something; UTC as given.

        Looked for where quiet can end: when the snooze runs out, at the end of the quiet hours, at midnight. Somebody
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
        if self.snoozed_until is not None:
            ends.add(self.snoozed_until)
        free = (end for end in sorted(ends) if end > moment and not self.holds_at(end))
        return next(free, moment + timedelta(days=8)).astimezone(moment.tzinfo)


def quiet_of(session: Session, person_id: int) -> Quiet:
    """The quiet times of one person, on the clock of their profile."""
    rhythm, profile = session.get(Rhythm, person_id), session.get(Profile, person_id)
    zone = zone_of(profile.timezone or "" if profile else "") or ZoneInfo("UTC")
    choices = session.get(ChatChoices, person_id)
    undisturbed = choices.quiet_until if choices is not None else None
    if rhythm is None:
        return Quiet(zone, snoozed_until=undisturbed)
    until = max((one for one in (rhythm.snoozed_until, undisturbed) if one is not None), default=None)
    return Quiet(zone, rhythm.quiet_from, rhythm.quiet_to, frozenset(rhythm.quiet_days), until)
