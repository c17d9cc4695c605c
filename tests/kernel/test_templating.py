"""What templates are given: dates and times as they stand where they are shown."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from intranet.kernel.templating import format_datetime


def test_one_moment_shows_each_wall_clock_that_it_is_given_on(app: Flask) -> None:
    moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    there = [moment.astimezone(ZoneInfo(zone)) for zone in ("Asia/Kolkata", "Asia/Seoul", "Europe/Berlin")]
    with app.test_request_context():
        assert [format_datetime(one, "HH:mm", rebase=False) for one in there] == ["20:30", "00:00", "16:00"]
        assert {format_datetime(one, "HH:mm") for one in there} == {"15:00"}


def test_the_day_of_a_moment_shows_also_to_who_has_no_time_zone(app: Flask) -> None:
    moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    with app.test_request_context():
        shown = app.jinja_env.from_string("{{ moment|dateformat('d MMM y') }}")
        assert shown.render(moment=moment) == "22 Nov 2026"
