"""Timelines: what belongs into them, and that nothing is lost or shown twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet.feed import actions as feed_actions
from intranet.feed import queries as feed
from intranet.feed.queries import View
from intranet.feed.streams import PAGE, Stretch
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts import actions
from intranet.posts.models import PostKind
from intranet.topics.vocabulary import ensure_topics
from tests.cast import Cast
from tests.fixtures import AsViewer

MORNING = datetime(2026, 11, 1, 8, tzinfo=UTC)


def publish(
    database: Database, viewer: Viewer, text: str, *, at: datetime | None = None, kind: PostKind = PostKind.UPDATE
) -> int:
    with clock.fixed(at or clock.now()), database.unit_of_work(viewer) as session:
        return actions.publish_post(session, viewer, actions.PostDraft(text=text, kind=kind)).id


def follow(database: Database, viewer: Viewer, kind: FollowKind, target: int) -> None:
    with database.unit_of_work(viewer) as session:
        session.add(Follow(follower_id=viewer.member_id, kind=kind, target_id=target))


def shown(database: Database, viewer: Viewer, view: View, stretch: Stretch | None = None) -> list[str]:
    with database.reading(viewer) as session:
        return [card.text for card in feed.home_timeline(session, viewer, view, stretch or Stretch()).items]


def test_following_holds_people_topics_my_own_and_announcements_once_each(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        topic = ensure_topics(session, ["ssl"])["ssl"]
    follow(database, cast.bob, FollowKind.PERSON, cast.alice.member_id)
    follow(database, cast.bob, FollowKind.TOPIC, topic)
    publish(database, cast.alice, "By somebody I follow")
    publish(database, cast.alice, "By somebody I follow, on #ssl too")
    publish(database, cast.carol, "On #ssl")
    publish(database, cast.carol, "On something else")
    publish(database, cast.dana, "For everyone", kind=PostKind.ANNOUNCEMENT)
    publish(database, cast.bob, "My own")
    assert shown(database, cast.bob, View.FOLLOWING) == [
        "My own",
        "For everyone",
        "On #ssl",
        "By somebody I follow, on #ssl too",
        "By somebody I follow",
    ]
    assert len(shown(database, cast.bob, View.EVERYONE)) == 6


def test_a_topic_in_a_comment_does_not_bring_the_post_into_the_feed(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        topic = ensure_topics(session, ["ssl"])["ssl"]
    follow(database, cast.bob, FollowKind.TOPIC, topic)
    post_id = publish(database, cast.carol, "Plain")
    with database.unit_of_work(cast.carol) as session:
        actions.add_comment(session, cast.carol, reply_to=post_id, text="#ssl")
    assert shown(database, cast.bob, View.FOLLOWING) == []


def test_hidden_posts_take_no_place_in_anybodys_feed(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.carol) as session:
        topic = ensure_topics(session, ["ssl"])["ssl"]
    follow(database, cast.carol, FollowKind.TOPIC, topic)
    follow(database, cast.carol, FollowKind.PERSON, cast.alice.member_id)
    open_to_all = [publish(database, cast.alice, f"open #ssl {number}") for number in range(3)]
    with database.unit_of_work(cast.alice) as session:
        for number in range(30):
            draft = actions.PostDraft(text=f"hidden #ssl {number}", audience_id=cast.group)
            actions.publish_post(session, cast.alice, draft)
    for view in View:
        with database.reading(cast.carol) as session:
            page = feed.home_timeline(session, cast.carol, view, Stretch(limit=5))
        assert [card.id for card in page.items] == open_to_all[::-1]
        assert page.older is None


def test_following_very_many_topics_is_no_matter(database: Database, cast: Cast) -> None:
    names = [f"topic-{number}" for number in range(150)]
    with database.unit_of_work(cast.bob) as session:
        for topic_id in ensure_topics(session, names).values():
            session.add(Follow(follower_id=cast.bob.member_id, kind=FollowKind.TOPIC, target_id=topic_id))
    for name in (names[0], names[-1]):
        publish(database, cast.carol, f"About #{name}")
    assert len(shown(database, cast.bob, View.FOLLOWING)) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(min_value=0, max_value=30),
    limit=st.integers(min_value=1, max_value=7),
    arrivals=st.lists(st.integers(min_value=0, max_value=3), max_size=12),
)
def test_paging_back_loses_and_repeats_nothing_while_posts_arrive(
    database: Database, cast: Cast, count: int, limit: int, arrivals: list[int]
) -> None:
    with database.reading(cast.bob) as session:
        earlier = feed.home_timeline(session, cast.bob, View.EVERYONE, Stretch(limit=1)).items
    before_all = earlier[0].id if earlier else 0
    there = [publish(database, cast.alice, f"post {number}") for number in range(count)]
    pending = list(arrivals)
    seen: list[int] = []
    stretch = Stretch(limit=limit)
    while True:
        with database.reading(cast.bob) as session:
            page = feed.home_timeline(session, cast.bob, View.EVERYONE, stretch)
        seen += [card.id for card in page.items]
        for _ in range(pending.pop() if pending else 0):
            publish(database, cast.alice, "meanwhile")
        if page.older is None or int(page.older) <= before_all:
            break
        stretch = Stretch(before=int(page.older), limit=limit)
    own = [post_id for post_id in seen if post_id > before_all]
    assert own == sorted(there, reverse=True)
    assert len(seen) == len(set(seen))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(min_value=1, max_value=20), limit=st.integers(min_value=1, max_value=6))
def test_paging_forward_meets_every_newer_post_once(database: Database, cast: Cast, count: int, limit: int) -> None:
    start = publish(database, cast.alice, "where I stopped")
    there = [publish(database, cast.alice, f"post {number}") for number in range(count)]
    seen: list[int] = []
    after: int | None = start
    while after is not None:
        with database.reading(cast.bob) as session:
            page = feed.home_timeline(session, cast.bob, View.EVERYONE, Stretch(after=after, limit=limit))
        assert [card.id for card in page.items] == sorted((card.id for card in page.items), reverse=True)
        seen += sorted(card.id for card in page.items)
        after = int(page.newer) if page.newer else None
    assert seen == there


def test_posts_stand_in_the_order_of_their_time(database: Database, cast: Cast) -> None:
    for hours in (3, 1, 2):
        publish(database, cast.alice, f"{hours}", at=MORNING + timedelta(hours=hours))
    with database.reading(cast.bob) as session:
        page = feed.person_timeline(session, cast.bob, cast.alice.member_id, Stretch())
    assert [card.text for card in page.items] in (["3", "2", "1"], ["2", "1", "3"])
    assert sorted(card.id for card in page.items)[::-1] == [card.id for card in page.items]


def test_the_read_mark_never_goes_back(database: Database, cast: Cast) -> None:
    first, second, third = (publish(database, cast.alice, text) for text in ("one", "two", "three"))
    assert first < second < third
    for post_id in (first, third, second):
        with database.unit_of_work(cast.bob) as session:
            feed_actions.mark_seen(session, cast.bob, View.EVERYONE, post_id)
    with database.reading(cast.bob) as session:
        assert feed.following(session, cast.bob).marks == {"everyone": third}


def test_the_read_mark_goes_no_further_than_the_newest_post_that_its_owner_may_read(
    database: Database, cast: Cast
) -> None:
    def mark(post_id: int) -> int | None:
        with database.unit_of_work(cast.carol) as session:
            feed_actions.mark_seen(session, cast.carol, View.EVERYONE, post_id)
        with database.reading(cast.carol) as session:
            return feed.following(session, cast.carol).marks.get("everyone")

    assert mark(2**62) is None
    newest = publish(database, cast.alice, "For all")
    with database.unit_of_work(cast.alice) as session:
        draft = actions.PostDraft(text="For the group", audience_id=cast.group)
        hidden = actions.publish_post(session, cast.alice, draft).id
    assert hidden > newest
    assert mark(2**62) == newest


def test_the_page_shows_where_the_reader_stopped(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    seen = publish(database, cast.alice, "Seen before")
    bob = as_viewer(cast.bob)
    assert bob.post("/feed/seen", data={"view": "everyone", "post_id": str(seen)}).status_code == 303
    publish(database, cast.alice, "Fresh")
    page = bob.get("/?view=everyone").text
    assert page.count("data-unread aria-labelledby") == 1
    assert "You have seen the posts from here on" in page


def test_who_follows_nobody_is_told_what_following_is(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    publish(database, cast.alice, "On #ssl")
    page = as_viewer(cast.bob).get("/?view=following").text
    assert "You follow nobody yet" in page
    assert "/people/alice" in page
    assert "/topics/ssl" in page


def test_a_feed_ends_and_says_so(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    for number in range(PAGE + 5):
        publish(database, cast.alice, f"post number {number:02}")
    bob = as_viewer(cast.bob)
    first = bob.get("/?view=everyone").text
    assert "post number 24" in first
    assert "post number 04" not in first
    last = bob.get("/api/v1/feed?view=everyone").json
    assert last is not None
    page = bob.get(f"/?view=everyone&before={last['next']}").text
    assert "post number 04" in page
    assert "You have seen all" in page
    assert "Show newer" in page
    fragment = bob.get(f"/?view=everyone&before={last['next']}", headers={"X-Fragment": "1"}).text
    assert fragment.count("<article") == 5
    assert "<html" not in fragment


def test_bookmarks_come_back_newest_mark_first(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    first, second = publish(database, cast.alice, "one"), publish(database, cast.alice, "two")
    bob = as_viewer(cast.bob)
    for post_id in (second, first):
        bob.post(f"/posts/{post_id}/bookmark", data={"on": "1"})
    with database.reading(cast.bob) as session:
        assert [card.text for card in feed.bookmarks(session, cast.bob, Stretch()).items] == ["one", "two"]
    assert "Nothing saved yet" in as_viewer(cast.carol).get("/bookmarks").text


def test_a_persons_and_a_topics_page_show_their_posts(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    publish(database, cast.alice, "About #valves")
    bob = as_viewer(cast.bob)
    for address in ("/people/alice/posts", "/topics/valves", "/topics/valves/posts"):
        assert "About" in bob.get(address).text
    assert "/people/alice/posts" in bob.get("/people/alice").text
    assert bob.get("/topics/nowhere/posts").status_code == 404
    with database.reading(cast.bob) as session, pytest.raises(NotFound):
        feed.topic_by_slug(session, "nowhere")


@pytest.mark.parametrize("query", ["view=nonsense", "limit=0", "limit=101", "limit=x"])
def test_the_api_feed_refuses_nonsense(cast: Cast, as_viewer: AsViewer, query: str) -> None:
    assert as_viewer(cast.bob).get(f"/api/v1/feed?{query}").status_code == 422


@pytest.mark.parametrize("query", ["before=x", "before=-1", "after=99999999999999999999"])
def test_an_impossible_place_in_the_feed_is_not_found(cast: Cast, as_viewer: AsViewer, query: str) -> None:
    assert as_viewer(cast.bob).get(f"/api/v1/feed?{query}").status_code == 404
