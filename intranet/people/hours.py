"""Other people's clocks: what time it is where they are, how far ahead, and when a "today" ends."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _

from intranet.kernel import clock
from intranet.kernel.errors import Invalid

_LONGEST = timedelta(days=60)


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that IANA name; None for none, or one that this machine does not know."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def as_time(minutes: int | None) -> str:
    """Minutes of a day as ``18:30``, its end as ``00:00``; empty for none."""
    return "" if minutes is None else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def local_clock(timezone: str) -> str:
    """``15:23`` as their wall clock shows; empty where the zone is unknown."""
    zone = zone_of(timezone)
    return clock.now().astimezone(zone).strftime("%H:%M") if zone else ""


def hours_ahead(timezone: str, of: str) -> float | None:
    """Hours by which one zone's wall clock is ahead of another's now; None where one is unknown."""
    there, here = zone_of(timezone), zone_of(of)
    if there is None or here is None:
        return None
    present = clock.now()
    shift = (present.astimezone(there).utcoffset() or timedelta()) - (
        present.astimezone(here).utcoffset() or timedelta()
    )
    return shift.total_seconds() / 3600


def difference(timezone: str, of: str) -> str:
    """``5½ h ahead of you``; empty for the same time or an unknown zone."""
    hours = hours_ahead(timezone, of)
    if not hours:
        return ""
    size = _in_quarters(abs(hours))
    return str(_("%(hours)s h ahead of you", hours=size) if hours > 0 else _("%(hours)s h behind you", hours=size))


def _in_quarters(hours: float) -> str:
    whole, rest = divmod(round(hours * 4), 4)
    return f"{whole or ''}{('', '¼', '½', '¾')[rest]}" or "0"


def end_after(lasts: str, timezone: str, *, field: str) -> datetime | None:
    """When something ends: ``""`` never, a number of minutes from now, ``today`` at the person's own midnight.

    Raises:
        Invalid: none of these, under ``field``.
    """
    if not lasts:
        return None
    if lasts == "today":
        local = clock.now().astimezone(zone_of(timezone) or ZoneInfo("UTC"))
        return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    if lasts.isascii() and lasts.isdigit() and 0 < int(lasts[:9]) <= _LONGEST.total_seconds() / 60:
        return clock.now() + timedelta(minutes=int(lasts))
    raise Invalid({field: _("Choose one of the listed values.")})
