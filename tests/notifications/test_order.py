"""Notices stand by when things happened, though the worker comes to them in another order; marking loses none."""

from datetime import timedelta

from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.notifications import actions, queries
from intranet.posts.actions import PostDraft, add_comment, publish_post
from tests.cast import Cast
from tests.fixtures import AsViewer
from tests.notifications.test_ledger import drain, posted, unread


def write(database: Database, viewer: Viewer, text: str, *, ago: int) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=ago)), database.unit_of_work(viewer) as session:
        publish_post(session, viewer, PostDraft(text=text, audience_id=EVERYONE))


def test_the_latest_stands_first_and_pages_go_on_in_that_order(database: Database, cast: Cast) -> None:
    ages = (5, 30, 1, 20, 10, 40)
    for ago in ages:
        write(database, cast.alice, f"@bob look, {ago}", ago=ago)
    drain(database)
    moments, cursor = [], None
    with database.reading(cast.bob) as session:
        while True:
            page = queries.bundles(session, cast.bob, cursor=cursor, limit=2)
            moments += [bundle.when for bundle in page.items]
            cursor = page.older
            if cursor is None:
                break
    assert len(moments) == len(ages)
    assert moments == sorted(moments, reverse=True)


def test_what_happened_in_the_same_moment_is_paged_whole(database: Database, cast: Cast) -> None:
    with clock.fixed(clock.now()):
        for number in range(5):
            write(database, cast.alice, f"@bob number {number}", ago=3)
    drain(database)
    with database.reading(cast.bob) as session:
        first = queries.bundles(session, cast.bob, limit=3)
        second = queries.bundles(session, cast.bob, cursor=first.older, limit=3)
    found = [bundle.latest.id for page in (first, second) for bundle in page.items]
    assert (len(found), len(set(found)), second.older) == (5, 5, None)


def test_the_latest_reply_stands_for_its_thread_in_whichever_order_they_are_told(
    database: Database, cast: Cast
) -> None:
    post_id = posted(database, cast.alice, "how do you rotate logs")
    for viewer, ago in ((cast.bob, -1), (cast.carol, -5), (cast.dana, -2)):  # written while the worker was away
        with clock.fixed(clock.now() - timedelta(minutes=ago)), database.unit_of_work(viewer) as session:
            add_comment(session, viewer, reply_to=post_id, text="with logrotate")
    drain(database)
    with database.reading(cast.alice) as session:
        (bundle,) = queries.bundles(session, cast.alice).items
    assert (bundle.count, bundle.latest.actor_id) == (3, cast.carol.member_id)
    assert bundle.people == (cast.carol.member_id,)


def test_marking_all_reaches_what_stands_further_down_and_nothing_that_came_after_the_page(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    write(database, cast.alice, "@bob now", ago=0)
    write(database, cast.alice, "@bob told late", ago=60)
    drain(database)
    with database.reading(cast.bob) as session:
        seen = queries.newest_id(session, cast.bob)
    assert f'name="up_to" value="{seen}"' in as_viewer(cast.bob).get("/notifications").text
    write(database, cast.alice, "@bob told even later", ago=90)
    drain(database)
    with database.unit_of_work(cast.bob) as session:
        actions.read_all(session, cast.bob, up_to=seen)
    assert unread(database, cast.bob) == 1


def test_a_cursor_that_somebody_wrote_is_told_so(cast: Cast, as_viewer: AsViewer) -> None:
    for cursor in ("x", "WyIxIl0", "WyJub3QgYSB0aW1lIiwiMSJd", "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwgIjEiXQ"):
        assert as_viewer(cast.bob).get(f"/notifications?before={cursor}").status_code in {400, 422}, cursor
