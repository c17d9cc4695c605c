"""A prepared select gives what the same select gives by itself, and is guarded like it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database, NoViewer
from intranet.kernel.journal import reason_of
from intranet.kernel.prepared import Prepared
from intranet.kernel.storable import Unstorable
from intranet.kernel.tables import BigId
from intranet.kernel.together import Writing
from intranet.kernel.viewer import ANONYMOUS, Viewer
from intranet.people.apart.actions import block
from intranet.posts.models import Post, PostKind
from tests.cast import SYSTEM, Cast
from tests.fixtures import Queries

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXTS = select(Post.text).order_by(Post.text)


@pytest.fixture
def posts(database: Database, cast: Cast) -> None:
    """alice's to everybody, and to her group."""
    with database.unit_of_work(cast.alice) as session:
        for audience_id, text in ((EVERYONE, "a heron"), (cast.group, "quiet heron")):
            session.add(
                Post(audience_id=audience_id, author_id=cast.alice.member_id, text=text, html="", created_at=NOON)
            )


def seen_by(database: Database, viewer: Viewer, texts: Prepared) -> list[str]:
    with database.reading(viewer) as session:
        found = texts.scalars(session)
        assert found == list(session.scalars(TEXTS))
    return found


@pytest.mark.usefixtures("posts")
def test_each_viewer_reads_their_own_although_it_is_made_once(database: Database, cast: Cast) -> None:
    texts = Prepared(TEXTS)
    for _time in range(2):
        assert seen_by(database, cast.bob, texts) == ["a heron", "quiet heron"]
        assert seen_by(database, cast.carol, texts) == ["a heron"]
        assert seen_by(database, cast.dana, texts) == ["a heron"]
        assert seen_by(database, ANONYMOUS, texts) == []
        assert seen_by(database, SYSTEM, texts) == ["a heron", "quiet heron"]


@pytest.mark.usefixtures("posts")
def test_who_blocks_the_other_reads_nothing_of_them(database: Database, cast: Cast) -> None:
    texts = Prepared(TEXTS)
    assert seen_by(database, cast.carol, texts) == ["a heron"]
    with database.unit_of_work(cast.carol) as session:
        block(session, cast.carol, cast.alice.member_id, is_on=True)
    assert seen_by(database, cast.carol, texts) == []
    assert seen_by(database, cast.bob, texts) == ["a heron", "quiet heron"]


@pytest.mark.usefixtures("posts")
def test_values_come_and_go_as_the_columns_have_them(database: Database, cast: Cast) -> None:
    wanted = select(Post.kind, Post.created_at, Post.edited_at).where(
        Post.kind.in_([PostKind.UPDATE, PostKind.QUESTION]),
        Post.created_at <= bindparam("until", type_=Post.created_at.type),
    )
    with database.reading(cast.carol) as session:
        (found,) = Prepared(wanted).rows(session, {"until": NOON})
        assert (found.kind, found.created_at, found.edited_at) == (PostKind.UPDATE, NOON, None)
        assert Prepared(wanted).rows(session, {"until": datetime(2026, 11, 21, tzinfo=UTC)}) == []
        assert Prepared(TEXTS.where(Post.id == 0)).scalar(session) is None


def test_what_the_session_changed_is_found(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.alice) as session:
        session.add(Post(audience_id=EVERYONE, author_id=cast.alice.member_id, text="not stored yet", html=""))
        assert Prepared(TEXTS).scalars(session) == ["not stored yet"]


@pytest.mark.usefixtures("posts")
def test_any_number_of_numbers_stands_in_one_place(database: Database, cast: Cast) -> None:
    with database.reading(cast.bob) as session:
        ids = list(session.scalars(select(Post.id)))
        texts = Prepared(TEXTS.where(Post.id.in_(Writing.of(session).among("ids"))))
        assert [len(texts.scalars(session, {"ids": wanted})) for wanted in ([], ids[:1], ids)] == [0, 1, 2]
        with pytest.raises(TypeError, match="among"):
            Prepared(TEXTS.where(Post.id.in_(bindparam("ids", expanding=True, type_=BigId)))).rows(
                session, {"ids": ids}
            )


def test_a_session_without_a_viewer_is_refused(database: Database) -> None:
    with Session(database.engine) as session, pytest.raises(NoViewer):
        Prepared(TEXTS).rows(session)


def test_it_is_counted_and_refused_as_any_statement(database: Database, cast: Cast, queries: Queries) -> None:
    named = Prepared(select(Post.id).where(Post.text == bindparam("text")))
    with database.reading(cast.alice) as session:
        named.rows(session, {"text": "a heron"})
        with queries(1) as seen:
            named.rows(session, {"text": "a heron"})
        assert len(seen) == 1
        with pytest.raises(Unstorable):
            named.rows(session, {"text": "a \0 heron"})


def test_what_the_database_cannot_do_is_an_error_of_the_engine_without_anybodys_words(
    database: Database, cast: Cast
) -> None:
    if not database.is_sqlite:
        pytest.skip("this looks at what SQLite says; statements of PostgreSQL go through the engine as all others do")
    named = Prepared(select(Post.id).where(Post.text == bindparam("text")))
    with database.reading(cast.alice) as session:
        driver: Any = session.connection().connection.driver_connection
        driver.set_progress_handler(lambda: 1, 1)  # interrupts whatever is asked
        try:
            with pytest.raises(OperationalError, match="interrupted") as raised:
                named.rows(session, {"text": "a secret heron"})
        finally:
            driver.set_progress_handler(None, 0)
    assert "secret" not in str(raised.value)
    assert reason_of(raised.value) == "SQLITE_INTERRUPT"
