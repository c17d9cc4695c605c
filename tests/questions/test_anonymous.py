"""Who asks without their name is nobody to every reader, on every surface; two stewards can learn who it is."""

import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.governance.models import AuditEntry
from intranet.governance.mydata.actions import ask_copy
from intranet.governance.mydata.copying import copy_path, make_copy
from intranet.kernel import jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import OutboxEvent
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Role, Viewer
from intranet.notifications.models import Notice
from intranet.people.cards import NOBODY
from intranet.posts.actions import PostDraft, add_comment, delete_item, edit_item, publish_post
from intranet.posts.asking.actions import AskingDraft
from intranet.posts.models import Comment, Post, PostKind
from intranet.questions.actions import accept_answer, learn_asker
from intranet.questions.listing import Filter, Show, questions
from intranet.search.index import Index
from tests.cast import SYSTEM, Cast, add_person

TITLE = "Whom do I tell that a heron nests in the server room?"


@pytest.fixture
def steward(database: Database) -> Viewer:
    with database.unit_of_work(SYSTEM) as session:
        return Viewer(add_person(session, "stella", roles=(Role.STEWARD,)).id, frozenset({Role.STEWARD}))


@pytest.fixture
def question(app: Flask, database: Database, cast: Cast, steward: Viewer, index: Index) -> int:
    """Asked by alice, commented on by her, answered by bob, accepted by her."""
    draft = PostDraft(
        text="It hisses. @carol",
        title=TITLE,
        kind=PostKind.QUESTION,
        asking=AskingDraft(is_anonymous=True, people=("bob",)),
    )
    with database.unit_of_work(cast.alice) as session:
        asked = publish_post(session, cast.alice, draft).id
    with database.unit_of_work(cast.bob) as session:
        answer = add_comment(session, cast.bob, reply_to=asked, text="Tell the porter").id
    with database.unit_of_work(cast.alice) as session:
        add_comment(session, cast.alice, reply_to=answer, text="Which of the two porters?")
    with database.unit_of_work(cast.alice) as session:
        accept_answer(session, cast.alice, answer)
    with app.app_context():
        while any(outbox.drain(database, name, "here") for name in outbox.subscribers()) or jobs.run_due(database):
            pass
    return asked


def test_no_surface_tells_a_reader_who_asked(question: int, cast: Cast, as_viewer: Any) -> None:
    for reader in (cast.bob, cast.carol):
        client = as_viewer(reader)
        for address in (
            f"/questions/{question}",
            f"/questions/{question}/asked",
            "/questions",
            "/?view=everyone",
            "/notifications?show=everything",
            "/search?q=heron",
            "/api/v1/feed?view=newest",
            f"/api/v1/posts/{question}",
            "/api/v1/search?q=heron",
            "/api/v1/events?since=0",
            "/api/v1/experts?q=heron+server+room",
            f"/posts/{question}/history",
        ):
            for headers in ({}, {"X-Fragment": "1"}):
                said = client.get(address, headers=headers).get_data(as_text=True)
                assert "Alice" not in said, address
                assert str(cast.alice.member_id) not in said, address
        profile = client.get("/people/alice").get_data(as_text=True)
        assert "heron" not in profile


@pytest.mark.parametrize(("who", "is_offered"), [("alice", False), ("bob", True)])
def test_nobody_is_asked_to_report_their_own_words_whether_they_bear_their_name_or_not(
    question: int, database: Database, cast: Cast, as_viewer: Any, who: str, *, is_offered: bool
) -> None:
    with database.unit_of_work(cast.carol) as session:
        mine = session.scalars(select(Comment.id).where(Comment.text == "Which of the two porters?")).one()
    client = as_viewer(getattr(cast, who))
    for item, page in ((question, "/?view=everyone"), (mine, f"/questions/{question}")):
        assert (f"/posts/{item}/report" in client.get(page).get_data(as_text=True)) is is_offered, page


def test_no_row_that_others_are_given_or_that_is_pushed_names_the_asker(
    question: int, database: Database, cast: Cast
) -> None:
    alice = cast.alice.member_id
    with database.reading(SYSTEM) as session:
        post = session.get(Post, question)
        assert post is not None
        assert post.author_id == NOBODY
        said = session.scalars(select(Comment.author_id).where(Comment.post_id == question)).all()
        assert set(said) == {NOBODY, cast.bob.member_id}
        for row in session.scalars(select(OutboxEvent).where(OutboxEvent.recipient_id.is_distinct_from(alice))):
            assert alice not in row.payload.values(), row.type
        assert alice not in session.scalars(select(Notice.actor_id)).all()
        for entry in session.scalars(select(AuditEntry)):
            assert alice not in {entry.actor_id, entry.subject_id}
            assert str(alice) not in json.dumps(entry.facts)


def test_the_asker_hears_of_answers_and_finds_their_question_and_nobody_else_does_so(
    question: int, database: Database, cast: Cast, app: Flask
) -> None:
    with app.test_request_context():
        for viewer, expected in ((cast.alice, [question]), (cast.carol, [])):
            with database.reading(viewer) as session:
                mine = questions(session, viewer, Filter(show=Show.MINE)).items
                assert [card.id for card in mine] == expected
    with database.reading(SYSTEM) as session:
        told = select(Notice.post_id).where(Notice.person_id == cast.alice.member_id)
        assert question in session.scalars(told).all()


def test_two_stewards_can_learn_it_which_is_noted_and_others_cannot(
    question: int, app: Flask, database: Database, cast: Cast, steward: Viewer
) -> None:
    for viewer in (cast.bob, cast.carol):
        with database.unit_of_work(viewer) as session, pytest.raises(NotFound):
            learn_asker(session, viewer, question)
    for viewer in (steward, cast.dana):
        with database.unit_of_work(viewer) as session:
            assert learn_asker(session, viewer, question).id == cast.alice.member_id
    with app.app_context():
        outbox.drain(database, "audit", "here")
    with database.reading(SYSTEM) as session:
        looked = select(AuditEntry.actor_id).where(AuditEntry.action == "question.asker-learned")
        assert set(session.scalars(looked)) == {steward.id, cast.dana.id}


def test_the_asker_can_take_it_away_and_nobody_can_edit_it(question: int, database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.carol) as session, pytest.raises(Refused):
        delete_item(session, cast.carol, question)
    with database.unit_of_work(cast.alice) as session, pytest.raises(Refused):
        edit_item(session, cast.alice, question, "x")
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, question)
    with database.reading(SYSTEM) as session:
        for row in session.scalars(select(OutboxEvent).where(OutboxEvent.recipient_id.is_(None))):
            assert cast.alice.member_id not in row.payload.values(), row.type


def test_without_two_stewards_it_is_refused(database: Database, cast: Cast) -> None:
    draft = PostDraft(text="", title=TITLE, kind=PostKind.QUESTION, asking=AskingDraft(is_anonymous=True))
    with database.unit_of_work(cast.alice) as session, pytest.raises(Invalid) as refused:
        publish_post(session, cast.alice, draft)  # dana alone could know
    assert "anonymous" in refused.value.fields


def test_nobody_has_a_name_in_the_language_of_whoever_reads(question: int, cast: Cast, as_viewer: Any) -> None:
    speaks_german = Viewer(cast.carol.id, cast.carol.roles, language="de")
    client = as_viewer(speaks_german)
    for address in (f"/questions/{question}", "/questions", "/?view=everyone", "/search?q=heron"):
        said = client.get(address).get_data(as_text=True)
        assert "Anonym" in said, address
        assert "Anonymous" not in said, address
    assert client.get(f"/api/v1/posts/{question}").json["author"]["name"] == "Anonym"


def test_a_copy_of_ones_own_data_holds_what_one_asked_without_ones_name_and_nobody_elses_does(
    app: Flask, database: Database, question: int, cast: Cast
) -> None:
    def copied(viewer: Viewer) -> str:
        with database.unit_of_work(viewer) as session:
            row = ask_copy(session, viewer)
        with app.app_context():
            make_copy(app, row.id)
        archive = zipfile.ZipFile(copy_path(runtime(app).settings.data, row.key))
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("data/"))

    mine = copied(cast.alice)
    assert TITLE in mine
    assert "Which of the two porters?" in mine
    assert TITLE not in copied(cast.bob)
