"""Notices stand under the days on which they came to the reader, and the settings under headings."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from flask.testing import FlaskClient

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Source
from intranet.notifications.sources import PARTS, SOURCES
from intranet.people.models import Profile
from tests.cast import SYSTEM, Cast
from tests.notifications.test_ledger import drain
from tests.notifications.test_order import write

Browser = Callable[[Viewer], FlaskClient]
HEADING = re.compile(r'<h2 class="tiny faint inset"[^>]*>([^<]+)</h2>')
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
EVERYTHING = "/notifications?show=everything"


def told(database: Database, cast: Cast, *hours: int) -> None:
    with clock.fixed(NOON):
        for ago in hours:
            write(database, cast.alice, f"@bob look, {ago}", ago=60 * ago)
        drain(database)


def test_each_day_has_one_heading_by_the_readers_calendar(database: Database, cast: Cast, as_viewer: Browser) -> None:
    told(database, cast, 1, 2, 14, 100, 24 * 100)
    with clock.fixed(NOON):
        browser = as_viewer(cast.bob)
        assert HEADING.findall(browser.get(EVERYTHING).text) == [
            "Today",
            "Yesterday",
            "Saturday, 28 February",
            "24 November 2025",
        ]


def test_the_day_ends_where_the_reader_lives(database: Database, cast: Cast, as_viewer: Browser) -> None:
    told(database, cast, 1, 5)
    with clock.fixed(NOON):
        browser = as_viewer(cast.bob)
        assert HEADING.findall(browser.get(EVERYTHING).text) == ["Today"]
        with database.unit_of_work(SYSTEM) as session:
            session.merge(Profile(person_id=cast.bob.member_id, timezone="America/Los_Angeles"))
        assert HEADING.findall(browser.get(EVERYTHING).text) == ["Today", "Yesterday"]  # it is four in the morning


def test_a_day_that_goes_on_has_no_second_heading(database: Database, cast: Cast, as_viewer: Browser) -> None:
    told(database, cast, *([1] * 27), 30)
    with clock.fixed(NOON):
        browser = as_viewer(cast.bob)
        first = browser.get(EVERYTHING).text
        older = re.search(r'rel="next"[^>]* href="([^"]+)"', first)
        assert older is not None
        address = older[1].replace("&amp;", "&")
        assert HEADING.findall(first) == ["Today"]
        assert HEADING.findall(browser.get(address, headers={"X-Fragment": "1"}).text) == ["Yesterday"]
        # Without script it is a page of its own.
        assert HEADING.findall(browser.get(address).text) == ["Today", "Yesterday"]


def test_every_source_that_can_be_chosen_stands_under_one_heading() -> None:
    listed = [source for _name, part in PARTS for source in part]
    assert len(listed) == len(set(listed)) == len(SOURCES)
    assert set(SOURCES) <= set(Source)
