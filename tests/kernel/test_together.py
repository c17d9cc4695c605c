"""Several reads in one statement give what each of them gives by itself, and are guarded like it."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.together import together
from intranet.people.models import Profile
from intranet.posts.models import Post, PostKind
from tests.cast import Cast
from tests.fixtures import Queries

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_values_come_back_as_the_columns_give_them(database: Database, cast: Cast, queries: Queries) -> None:
    text = 'Grüße, "Welt" \\ 你好 <script>'
    with database.unit_of_work(cast.alice) as session:
        post = Post(audience_id=EVERYONE, author_id=cast.alice.member_id, text=text, html="", created_at=NOON)
        session.add(post)
        session.add(Profile(person_id=cast.alice.member_id, ask_me_about=["one", "two"]))
    with database.reading(cast.bob) as session, queries(2):
        found = together(
            session,
            {
                "posts": select(Post.id, Post.text, Post.kind, Post.created_at, Post.edited_at),
                "pinned": select(Post.pinned_at.is_not(None).label("is_pinned")),
                "count": select(func.count().label("number")).select_from(Post),
                "profiles": select(Profile.ask_me_about),
                "nothing": select(Post.id).where(Post.id == 0),
            },
        )
    assert tuple(found["posts"][0]) == (post.id, text, PostKind.UPDATE, NOON, None)
    assert found["pinned"][0].is_pinned is False
    assert found["count"][0].number == 1
    assert found["profiles"][0].ask_me_about == ["one", "two"]
    assert found["nothing"] == []


def test_each_part_is_guarded(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.add(Post(audience_id=cast.group, author_id=cast.alice.member_id, text="quiet heron", html=""))
    parts = {"texts": select(Post.text), "count": select(func.count().label("number")).select_from(Post)}
    for viewer, expected in ((cast.bob, 1), (cast.carol, 0)):
        with database.reading(viewer) as session:
            found = together(session, parts)
        assert len(found["texts"]) == expected
        assert found["count"][0].number == expected


def test_no_parts_ask_nothing(database: Database, cast: Cast, queries: Queries) -> None:
    with database.reading(cast.bob) as session, queries(0):
        assert together(session, {}) == {}
