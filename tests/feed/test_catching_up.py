"""Catching up: what one missed, oldest first, with an end."""

from datetime import timedelta

from intranet.feed import actions as feed_actions
from intranet.feed import queries as feed
from intranet.feed.queries import View
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts import actions
from tests.cast import Cast
from tests.fixtures import AsViewer


def publish(database: Database, viewer: Viewer, text: str) -> int:
    with database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text)).id


def follow_alice(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        session.add(Follow(follower_id=cast.bob.member_id, kind=FollowKind.PERSON, target_id=cast.alice.member_id))


def missed(database: Database, viewer: Viewer) -> list[str]:
    with database.reading(viewer) as session:
        return [card.text for card in feed.catch_up(session, viewer).items]


def test_it_holds_what_was_missed_and_not_seen_oldest_first(database: Database, cast: Cast) -> None:
    follow_alice(database, cast)
    publish(database, cast.alice, "long ago")
    with clock.fixed(clock.now() + timedelta(days=20)):
        publish(database, cast.alice, "first")
        seen = publish(database, cast.alice, "seen")
        publish(database, cast.carol, "of somebody else")
        publish(database, cast.bob, "my own")
        last = publish(database, cast.alice, "last")
        with database.unit_of_work(cast.bob) as session:
            feed_actions.note_seen(session, cast.bob, [seen])
        assert missed(database, cast.bob) == ["first", "last"]
        with database.unit_of_work(cast.bob) as session:
            feed_actions.mark_seen(session, cast.bob, View.CATCH_UP, last)
        assert missed(database, cast.bob) == []


def test_paging_meets_everything_once_while_it_is_being_seen_and_new_posts_come(database: Database, cast: Cast) -> None:
    follow_alice(database, cast)
    there = [publish(database, cast.alice, f"post {number}") for number in range(23)]
    met: list[int] = []
    after: int | None = None
    for _ in range(40):
        with database.reading(cast.bob) as session:
            page = feed.catch_up(session, cast.bob, after=after, limit=5)
        met += [card.id for card in page.items]
        with database.unit_of_work(cast.bob) as session:
            feed_actions.note_seen(session, cast.bob, met)
        if len(there) < 26:
            there.append(publish(database, cast.alice, "meanwhile"))
        if page.older is None:
            break
        after = int(page.older)
    assert met == there


def test_the_page_ends_and_a_button_marks_it_as_seen(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    follow_alice(database, cast)
    last = publish(database, cast.alice, "a lost word")
    bob = as_viewer(cast.bob)
    page = bob.get("/?view=catch-up").text
    assert "a lost word" in page
    assert "You have seen all." in page
    assert "I have seen these" in page
    assert bob.post("/feed/seen", data={"view": "catch-up", "post_id": str(last)}).status_code == 303
    assert "You have seen all" in bob.get("/?view=catch-up").text
    assert "a lost word" not in bob.get("/?view=catch-up").text
    answer = bob.get("/api/v1/feed?view=catch-up").json
    assert answer == {"items": [], "next": None, "newer": None}
