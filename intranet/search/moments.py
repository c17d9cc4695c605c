"""Days as people type them (``2026-06``, ``june``, ``2w``), and the stretches of time that are offered."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from babel.dates import get_month_names

from intranet.kernel import clock

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_AGO = re.compile(r"(\d{1,3})([dwmy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
WEEK, MONTH, YEAR = "week", "month", "year"
STRETCHES = {WEEK: timedelta(days=7), MONTH: timedelta(days=30), YEAR: timedelta(days=365)}
"""Stretches that end now."""


def start_of(words: str) -> datetime | None:
    """The first moment of a year, month or day, of a month by name (the last one that began), of today or yesterday,
    or so many days, weeks, months or years ago; None for anything else."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    words = words.strip().lower()
    if words in {"today", "yesterday"}:
        return today - timedelta(days=words == "yesterday")
    if words in STRETCHES:
        return today - STRETCHES[words]
    if month := _months().get(words):
        return today.replace(year=today.year - (month > today.month), month=month, day=1)
    if ago := _AGO.fullmatch(words):
        return today - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
    day = _DAY.fullmatch(words)
    return _moment(*(int(part or 1) for part in day.groups())) if day else None


@cache
def _months() -> dict[str, int]:
    """Loaded when the first day is read: all that is known of two languages comes with it, 4 MB."""
    return {
        name.lower().rstrip("."): number
        for language in ("en", "de")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }


def _moment(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def stretch_of(when: str) -> tuple[datetime | None, datetime | None]:
    """From when and until when: the last ``week``, ``month`` or ``year``, or a calendar year; nothing otherwise."""
    if when in STRETCHES:
        return clock.now() - STRETCHES[when], None
    if re.fullmatch(r"\d{4}", when, re.ASCII) and 1 <= int(when) < 9999:
        return _moment(int(when), 1, 1), _moment(int(when) + 1, 1, 1)
    return None, None
