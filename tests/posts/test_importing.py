"""Posts from elsewhere: many, long ago, and as often as one likes."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.ids import moment_of
from intranet.kernel.reactions import ReactionKind
from intranet.posts import actions, queries
from intranet.posts.events import PostsImported
from intranet.posts.models import Comment, Post, PostMention, PostTopic, Reaction
from intranet.topics.models import Topic
from tests.cast import SYSTEM, Cast

YEARS_AGO = datetime(2019, 5, 4, 12, tzinfo=UTC)


def row(cast: Cast, number: int, text: str = "Hello", **more: Any) -> actions.ImportedPost:
    values: dict[str, Any] = {
        "source": "old",
        "external_id": str(number),
        "author_id": cast.alice.member_id,
        "created_at": YEARS_AGO + timedelta(seconds=number),
        "text": text,
        **more,
    }
    return actions.ImportedPost(**values)


def store(database: Database, *rows: actions.ImportedPost) -> actions.StoredPosts:
    with database.unit_of_work(SYSTEM) as session:
        return actions.store_posts(session, rows)


def test_importing_again_changes_nothing(database: Database, cast: Cast) -> None:
    rows = [row(cast, number, "@bob #ssl") for number in range(5)]
    assert store(database, *rows) == actions.StoredPosts(added=5, known=0)
    assert store(database, *rows) == actions.StoredPosts(added=0, known=5)
    with database.reading(SYSTEM) as session:
        counts = [session.query(table).count() for table in (Post, PostMention, PostTopic)]
    assert counts == [5, 5, 5]


def test_a_batch_is_one_event_that_nobody_is_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work(SYSTEM) as session:
        actions.store_posts(session, [row(cast, 1, "@bob"), row(cast, 2, reply_to="1")])
        told = [event for event in outbox.recorded(session) if isinstance(event, PostsImported)]
        others = [event for event in outbox.recorded(session) if not isinstance(event, PostsImported)]
    assert [(len(event.post_ids), len(event.comment_ids)) for event in told] == [(1, 1)]
    assert others == []


def test_text_is_kept_to_the_letter_and_everything_is_linked(database: Database, cast: Cast) -> None:
    text = "  **Spaces** and\ttabs stay  \r\n#Zürich @carol"
    marks = ((cast.bob.member_id, ReactionKind.THANKS),)
    store(database, row(cast, 1, text, topics=("Plan B",), mentions=(cast.bob.member_id,), reactions=marks))
    with database.reading(SYSTEM) as session:
        post = session.query(Post).one()
        assert post.text == text
        assert (post.source, post.external_id, post.created_at) == ("old", "1", YEARS_AGO + timedelta(seconds=1))
        assert abs(moment_of(post.id) - post.created_at) < timedelta(milliseconds=2)
        named = {mention.person_id for mention in session.query(PostMention)}
        assert named == {cast.bob.member_id, cast.carol.member_id}
        assert session.query(Reaction).count() == 1
    with database.reading(cast.bob) as session:
        card = queries.post_cards(session, cast.bob, [post.id])[0]
        assert {topic.slug for topic in card.topics} == {"plan-b", "zürich"}


def test_what_no_database_can_hold_is_left_out(database: Database, cast: Cast) -> None:
    store(database, row(cast, 1, "nul \0 and half a \ud83d letter, \u202eturned"))
    with database.reading(SYSTEM) as session:
        post = session.query(Post).one()
        assert post.text == "nul  and half a ? letter, \u202eturned"
        assert "\u202e" not in post.html


def test_replies_find_their_place_in_the_batch_and_in_what_is_there(database: Database, cast: Cast) -> None:
    store(database, row(cast, 1), row(cast, 2, reply_to="1"))
    done = store(database, row(cast, 3, reply_to="2"), row(cast, 4, reply_to="nowhere"), row(cast, 5, reply_to="3"))
    assert (done.added, done.known, [orphan.external_id for orphan in done.orphans]) == (2, 0, ["4"])
    with database.reading(SYSTEM) as session:
        comments = {comment.external_id: comment for comment in session.query(Comment)}
        assert comments["2"].parent_id is None
        assert comments["3"].parent_id == comments["2"].id
        assert comments["5"].parent_id == comments["2"].id  # one level only


def test_a_reply_is_as_hidden_as_its_post(database: Database, cast: Cast) -> None:
    store(database, row(cast, 1, audience_id=cast.group), row(cast, 2, reply_to="1"))
    with database.reading(cast.carol) as session:
        assert (session.query(Post).count(), session.query(Comment).count()) == (0, 0)


def test_a_reply_of_a_closed_group_stays_there_under_a_post_for_everyone(database: Database, cast: Cast) -> None:
    rows = [row(cast, 1), row(cast, 2, reply_to="1", audience_id=cast.group), row(cast, 3, reply_to="2")]
    assert store(database, *rows).added == 3
    for viewer, seen in ((cast.alice, 2), (cast.carol, 0)):
        with database.reading(viewer) as session:
            assert session.query(Comment).count() == seen


def test_words_of_a_closed_group_join_no_vocabulary(database: Database, cast: Cast) -> None:
    public = row(cast, 1, "#open", topics=("plain",))
    inside = row(cast, 2, "#takeover and #open", topics=("whispered",), audience_id=cast.group)
    store(database, public, inside, row(cast, 3, "#murmured", reply_to="2"))
    with database.reading(SYSTEM) as session:
        assert sorted(session.scalars(select(Topic.slug))) == ["open", "plain"]
        assert session.query(PostTopic).count() == 3


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=60))
def test_posts_of_the_same_second_get_ids_of_their_own_in_order(
    database: Database, cast: Cast, seconds: list[int]
) -> None:
    source = f"s{time.monotonic_ns()}"
    rows = [
        row(cast, number, source=source, created_at=YEARS_AGO + timedelta(seconds=second))
        for number, second in enumerate(seconds)
    ]
    for start in range(0, len(rows), 7):
        assert store(database, *rows[start : start + 7]).added == len(rows[start : start + 7])
    with database.reading(SYSTEM) as session:
        stored = session.query(Post).where(Post.source == source).order_by(Post.id).all()
    assert len(stored) == len(rows)
    moments = [post.created_at for post in stored]
    assert moments == sorted(moments)


def test_thousands_go_in_within_seconds(database: Database, cast: Cast) -> None:
    text = "A **usual** post of some length, with `code`, a #topic and @bob in it. " * 3
    rows = [row(cast, number, text) for number in range(2000)]
    start = time.process_time()
    for at in range(0, len(rows), 200):
        store(database, *rows[at : at + 200])
    assert time.process_time() - start < 8  # of the processor, however busy the machine is; about one is usual
