"""Quiet hours and digests on any clock of the world, over every change of summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from intranet.notifications.digests import last_due
from intranet.notifications.models import Digest
from intranet.notifications.quiet import Quiet

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (drawn in UTC)
MINUTES = st.integers(0, 1439)


@st.composite
def quiets(draw: st.DrawFn) -> Quiet:
    has_hours = draw(st.booleans())
    return Quiet(
        draw(ZONES),
        draw(MINUTES) if has_hours else None,
        draw(MINUTES) if has_hours else None,
        draw(st.frozensets(st.integers(0, 6), max_size=6)),
        draw(st.none() | MOMENTS),
    )


@given(quiets(), MOMENTS)
def test_quiet_ends_and_then_it_is_not_quiet(quiet: Quiet, moment: datetime) -> None:
    end = quiet.ends_after(moment)
    assert end >= moment
    assert not quiet.holds_at(end) or end >= moment + timedelta(days=8)
    if not quiet.holds_at(moment):
        assert end == moment


@given(quiets(), MOMENTS, st.integers(1, 2000))
def test_all_is_quiet_before_the_end(quiet: Quiet, moment: datetime, minutes: int) -> None:
    end = quiet.ends_after(moment)
    between = moment + timedelta(minutes=minutes)
    if between < end - timedelta(minutes=61):  # an hour that comes twice ends quiet at its second time at the latest
        assert quiet.holds_at(between)


@given(ZONES, MOMENTS)
def test_until_tomorrow_is_eight_of_the_next_day_on_the_readers_clock(zone: ZoneInfo, moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    end = (moment + timedelta(minutes=Quiet(zone).minutes_to_morning(moment))).astimezone(zone)
    assert (end.hour, end.minute) == (8, 0)
    assert end.date() == moment.astimezone(zone).date() + timedelta(days=1)


@given(ZONES, MOMENTS, MINUTES)
def test_a_daily_digest_is_due_once_a_day_at_the_readers_time(zone: ZoneInfo, start: datetime, minute: int) -> None:
    seen = []
    for step in range(4 * 24 * 3):
        due = last_due(start + timedelta(minutes=20 * step), zone, minute, Digest.DAILY)
        assert due is not None
        if due not in seen:
            seen.append(due)
    days = [due.astimezone(zone).date() for due in seen]
    assert len(set(days)) == len(days)
    assert 4 <= len(seen) <= 6


@given(ZONES, MOMENTS, MINUTES)
def test_a_weekly_digest_is_due_on_mondays(zone: ZoneInfo, moment: datetime, minute: int) -> None:
    due = last_due(moment, zone, minute, Digest.WEEKLY)
    assert due is not None
    assert moment - timedelta(days=8) < due <= moment
    assert last_due(moment, zone, minute, Digest.NEVER) is None
