"""Notices under the days on which they came, by the reader's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import get_timezone
from flask_babel import gettext as _

from intranet.kernel import clock
from intranet.kernel.templating import format_date
from intranet.notifications.wording import NoticeCard


@dataclass(frozen=True, slots=True)
class Day:
    """``name`` is empty where the notices go on under a heading that stands already."""

    on: date
    name: str
    notices: list[NoticeCard]


def by_day(notices: Sequence[NoticeCard], *, under: str = "") -> list[Day]:
    """Notices, latest first, by their days; ``under`` is the day, as ISO has it, that the reader has reached."""
    days = groupby(notices, lambda notice: _day_of(notice.when))
    return [Day(on, "" if on.isoformat() == under else _name(on), list(found)) for on, found in days]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(get_timezone()).date()


def _name(day: date) -> str:
    today = _day_of(clock.now())
    if day == today:
        return str(_("Today"))
    if day == today - timedelta(days=1):
        return str(_("Yesterday"))
    return format_date(day, "EEEE, d MMMM" if day.year == today.year else "d MMMM y")
