"""When somebody may be asked: their working week, on their own clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60
USUAL: tuple[tuple[int, int] | None, ...] = (*((9 * 60, 18 * 60),) * 5, None, None)
"""Monday to Friday from nine to six, as minutes of the day; what holds for those who say nothing."""


@dataclass(frozen=True, slots=True)
class Week:
    """For each day from Monday when work begins and ends, in minutes; None for a day off. It never crosses midnight."""

    zone: ZoneInfo
    days: tuple[tuple[int, int] | None, ...] = USUAL

    def is_open(self, moment: datetime) -> bool:
        """Whether they work then."""
        local = moment.astimezone(self.zone)
        hours = self.days[local.weekday()]
        return hours is not None and hours[0] <= local.hour * 60 + local.minute < hours[1]

    def opens_after(self, moment: datetime) -> datetime | None:
        """The first moment from ``moment`` on at which they work; None for somebody who never does."""
        if self.is_open(moment):
            return moment
        today = moment.astimezone(self.zone).date()
        for begin in self._beginnings(today):
            if begin > moment and self.is_open(begin):
                return begin.astimezone(moment.tzinfo)
        return None

    def _beginnings(self, today: date) -> Iterable[datetime]:
        for ahead in range(9):
            day = today + timedelta(days=ahead)
            hours = self.days[day.weekday()]
            if hours is not None and hours[0] < hours[1]:
                begin = datetime.combine(day, time(hours[0] // 60, hours[0] % 60), self.zone)
                # A beginning that the clocks skip that night is the moment after it; through UTC it is a real one.
                yield begin.astimezone(ZoneInfo("UTC"))

    def monday(self, moment: datetime) -> datetime:
        """When their present week began."""
        local = moment.astimezone(self.zone)
        first = local.date() - timedelta(days=local.weekday())
        return datetime.combine(first, time(), self.zone).astimezone(moment.tzinfo)


def week_from(stored: Sequence[Sequence[int] | None] | None, zone: ZoneInfo) -> Week:
    """A week as it is stored: seven pairs of minutes or nothing; the usual one where nothing is."""
    if not stored:
        return Week(zone)
    return Week(zone, tuple((pair[0], min(pair[1], _DAY)) if pair else None for pair in stored))
