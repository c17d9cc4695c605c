"""The overview tells administrators how the place is doing, in numbers that cost the same however much there is."""

from datetime import timedelta

import pytest

from intranet.governance.reports import reportable
from intranet.governance.reports.actions import file_report
from intranet.governance.reports.models import ReportReason
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from intranet.operations.heartbeat import beat
from intranet.operations.overview.queries import SLOW, overview
from intranet.posts.actions import PostDraft, publish_post
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer, Queries


@pytest.fixture
def reported(database: Database, cast: Cast) -> int:
    with database.unit_of_work(cast.alice) as session:
        post = publish_post(session, cast.alice, PostDraft(text="<b>Too sharp</b>")).id
    with database.unit_of_work(cast.bob) as session:
        file_report(session, cast.bob, reportable.item(session, cast.bob, post), ReportReason.UNKIND)
    return post


def test_administrators_see_what_waits_and_nobody_else_does(cast: Cast, reported: int, as_viewer: AsViewer) -> None:
    page = as_viewer(cast.dana).get("/admin/overview").text
    assert "&lt;b&gt;Too sharp&lt;/b&gt;" in page
    assert 'href="/moderation"' in page
    assert as_viewer(cast.alice).get("/admin/overview").status_code == 403


def test_what_lags_is_said_with_how_long(database: Database, cast: Cast, reported: int, as_viewer: AsViewer) -> None:
    with database.unit_of_work(SYSTEM) as session:
        beat(session)
    with clock.fixed(clock.now() + timedelta(minutes=5)), database.reading(cast.dana) as session:
        found = overview(session, cast.dana, index="ok")
        assert found.search.seconds == pytest.approx(300, abs=30)
        assert found.search.is_slow
        assert found.silent == pytest.approx(300, abs=30)
        assert not found.worker_is_alive
        assert (found.reports, found.given_up, found.members) == (1, 0, 4)
    while outbox.drain(database, "audit", "tests"):
        pass
    with database.reading(cast.dana) as session:
        found = overview(session, cast.dana, index="ok")
        assert found.worker_is_alive
        assert {one.name: one.seconds <= SLOW for one in found.followers}["audit"]


def test_the_figures_cost_the_same_however_many_there_are(
    database: Database, cast: Cast, reported: int, queries: Queries
) -> None:
    with database.reading(cast.dana) as session, queries(14):
        overview(session, cast.dana, index="ok")
