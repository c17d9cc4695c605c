"""On which days somebody wrote: a year of days, counted over what this viewer may read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.ids import first_id_of, moment_of
from intranet.kernel.together import Rows, together
from intranet.people.hours import zone_of
from intranet.posts.models import Comment, Post

WEEKS = 53
_STEPS = (1, 2, 4, 7)  # from so many texts in a day on, the next darker square
_HOUR = first_id_of(datetime.fromtimestamp(3600, ZoneInfo("UTC")))  # ids that fit into an hour


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``weeks`` run from Monday to Sunday, the oldest first: how dark each day is, 0 to 4, None for days to come.
    ``months`` says the same in numbers, the latest first, without empty ones."""

    weeks: tuple[tuple[int | None, ...], ...]
    months: tuple[tuple[date, int], ...]
    total: int
    days: int


def rhythm_of(session: Session, person_id: int, timezone: str) -> Rhythm:
    """The past year by the days of ``timezone``. One statement; ids tell the time, so no other column is read."""
    zone = zone_of(timezone) or ZoneInfo("UTC")
    today = clock.now().astimezone(zone).date()
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    since = first_id_of(datetime.combine(first, time(), zone))
    found = together(
        session, {"posts": _by_hour(Post, person_id, since), "comments": _by_hour(Comment, person_id, since)}
    )
    counts: dict[date, int] = {}
    for row in (*found["posts"], *found["comments"]):
        day = moment_of(int(row.hour) * _HOUR).astimezone(zone).date()
        counts[day] = counts.get(day, 0) + row.number
    weeks = tuple(
        tuple(_shade(counts, first + timedelta(weeks=week, days=day), today) for day in range(7))
        for week in range(WEEKS)
    )
    months: dict[date, int] = {}
    for day, number in counts.items():
        months[day.replace(day=1)] = months.get(day.replace(day=1), 0) + number
    return Rhythm(weeks, tuple(sorted(months.items(), reverse=True)), sum(counts.values()), len(counts))


def _by_hour(written: type[Post] | type[Comment], person_id: int, since: int) -> Rows:
    hour = (written.id // _HOUR).label("hour")
    there = select(hour, func.count().label("number")).where(
        written.author_id == person_id, written.id >= since, written.deleted_at.is_(None)
    )
    return there.group_by(hour)


def _shade(counts: dict[date, int], day: date, today: date) -> int | None:
    if day > today:
        return None
    return sum(counts.get(day, 0) >= step for step in _STEPS)
