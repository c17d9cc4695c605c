"""A message becomes a post that says whose words it tells; what was said in private only when its author says so."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from intranet.accounts.models import Person
from intranet.chat import actions as chat
from intranet.chat.asking.actions import answer_request, ask_author, sharing_of
from intranet.chat.asking.models import Answer, SharingRequest, Wish
from intranet.chat.cards import MessageCard
from intranet.chat.events import SharingAnswered, SharingAsked
from intranet.chat.models import Message
from intranet.chat.queries import message_card
from intranet.files.actions import Received, put_on_shelf
from intranet.files.models import StoredFile
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Notice, Source
from intranet.people.apart.actions import block
from intranet.posts.models import Attachment, Post
from intranet.posts.queries import post_card
from intranet.posts.scheduled.actions import send_now
from intranet.posts.scheduled.models import ScheduledPost
from intranet.posts.scheduled.publishing import publish_due
from intranet.retold.models import RetoldMessage
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer

SECRET = "the quiet heron"


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


@pytest.fixture(params=["direct", "group", "room"])
def private(request: pytest.FixtureRequest, talk: Talk, cast: Cast) -> int:
    """A message of bob's that alice reads, and not everybody."""
    if request.param == "direct":
        here = talk.direct(cast.alice, "bob")
    elif request.param == "group":
        here = talk.direct(cast.alice, "bob", "dana")
    else:
        here = talk.room(cast.alice, is_public=False, people=("bob",))
    return talk.say(cast.bob, here, SECRET)


def card(talk: Talk, viewer: Viewer, message: int) -> MessageCard:
    return talk.look(viewer, lambda session: message_card(session, viewer, message))


def ask(talk: Talk, viewer: Viewer, message: int, wish: Wish = Wish.POST) -> int:
    return talk.do(viewer, ask_author, message, wish).id


def composer(client: FlaskClient, message: int, kind: str = "post") -> str:
    return client.get(f"/chat/messages/{message}/retell?kind={kind}", follow_redirects=True).get_data(as_text=True)


def publish(client: FlaskClient, message: int, **more: str) -> tuple[int, int]:
    """The answer to the composer's form, and the id of the post, 0 for none."""
    form = {"text": "told", "kind": "update", "retells": str(message), "idempotency_key": f"k{message}", **more}
    answer = client.post("/posts", data=form, headers={"X-Fragment": "1"})
    found = re.search(r'data-post="(\d+)"', answer.get_data(as_text=True))
    return answer.status_code, int(found[1]) if found else 0


def text_in(page: str) -> str:
    found = re.search(r"<textarea name=\"text\".*?>\n(.*?)</textarea>", page, re.DOTALL)
    return found[1] if found else ""


def test_what_everybody_may_read_is_told_at_once_with_its_author(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    message = talk.say(cast.bob, talk.room(cast.alice, people=("bob",)), "Valves want\n\ngrease")
    page = composer(as_viewer(cast.alice), message)
    assert text_in(page) == "&gt; Valves want\n&gt;\n&gt; grease\n\n— @bob"
    assert f'name="retells" value="{message}"' in page
    asked = composer(as_viewer(cast.alice), message, "question")
    assert 'value="Valves want"' in asked


def test_ones_own_words_are_ones_own(talk: Talk, cast: Cast, as_viewer: AsViewer, private: int) -> None:
    assert text_in(composer(as_viewer(cast.bob), private)) == SECRET


def test_in_private_the_author_is_asked_first_and_nothing_leaves_before(
    talk: Talk, cast: Cast, as_viewer: AsViewer, private: int
) -> None:
    alice = as_viewer(cast.alice)
    page = composer(alice, private)
    assert "This was said in private" in page
    assert "composer-entry" not in page
    assert publish(alice, private) == (403, 0)
    request = ask(talk, cast.alice, private)
    assert publish(alice, private) == (403, 0)
    (mine,) = card(talk, cast.alice, private).requests
    assert (mine.is_mine, mine.answer) == (True, Answer.WAITING)
    (theirs,) = card(talk, cast.bob, private).requests
    assert (theirs.is_mine, theirs.person.username) == (False, "alice")
    talk.do(cast.bob, answer_request, request, agrees=True)
    assert text_in(composer(alice, private)) == f"&gt; {SECRET}\n\n— @bob"
    status, post = publish(alice, private)
    assert status == 201
    assert card(talk, cast.bob, private).requests == ()
    with talk.database.reading(cast.carol) as session:
        told = post_card(session, cast.carol, post).parts["retold"]
    assert told.author.username == "bob"


def test_who_declines_is_heard(talk: Talk, cast: Cast, as_viewer: AsViewer, private: int) -> None:
    request = ask(talk, cast.alice, private)
    talk.do(cast.bob, answer_request, request, agrees=False)
    assert publish(as_viewer(cast.alice), private) == (403, 0)
    (mine,) = card(talk, cast.alice, private).requests
    assert mine.answer is Answer.DECLINED
    assert ask(talk, cast.alice, private) == request, "asked once"
    with talk.database.reading(cast.bob) as session:
        assert session.scalar(select(func.count()).select_from(SharingRequest)) == 1


def test_the_way_back_shows_to_those_alone_who_may_read_there(
    talk: Talk, cast: Cast, as_viewer: AsViewer, private: int
) -> None:
    talk.do(cast.bob, answer_request, ask(talk, cast.alice, private), agrees=True)
    _status, post = publish(as_viewer(cast.alice), private)
    for viewer, knows in ((cast.alice, True), (cast.bob, True), (cast.carol, False)):
        client = as_viewer(viewer)
        for address in (f"/posts/{post}", "/", "/?view=everyone", f"/api/v1/posts/{post}"):
            page = client.get(address).get_data(as_text=True)
            assert (f"/chat/messages/{private}" in page) == (knows and "api" not in address), (address, knows)
            assert knows or str(private) not in page
        assert "Said by Bob Example in chat" in client.get(f"/posts/{post}").get_data(as_text=True)


@pytest.mark.parametrize("agrees_to_files", [False, True])
def test_files_go_along_only_where_the_author_agrees(
    talk: Talk, cast: Cast, as_viewer: AsViewer, agrees_to_files: bool
) -> None:
    here = talk.direct(cast.alice, "bob")
    upload = Received("plan.txt", "application/octet-stream", 3, "a" * 64)
    file_id = talk.do(cast.bob, lambda session, viewer: put_on_shelf(session, viewer, upload).id)
    message = talk.say(cast.bob, here, "see", files=(file_id,))
    request = ask(talk, cast.alice, message)
    talk.do(cast.bob, answer_request, request, agrees=True, with_files=agrees_to_files)
    alice = as_viewer(cast.alice)
    assert ("retells_files" in composer(alice, message)) == agrees_to_files
    status, post = publish(alice, message, retells_files="1")
    assert status == (201 if agrees_to_files else 403)
    with talk.database.reading(cast.carol) as session:
        found = select(StoredFile.name).join(Attachment, Attachment.file_id == StoredFile.id)
        names = list(session.scalars(found.where(Attachment.item_id == post)))
    assert names == (["plan.txt"] if agrees_to_files else [])


def test_outsiders_and_those_who_left_neither_ask_nor_answer_nor_tell(
    talk: Talk, cast: Cast, as_viewer: AsViewer, private: int
) -> None:
    request = ask(talk, cast.alice, private)
    with talk.database.reading(SYSTEM) as session:
        inside = session.get_one(Message, private).conversation_id
    for viewer in (cast.carol, cast.dana):
        if talk.look(viewer, lambda session: session.get(Message, private)) is not None:
            continue  # dana is in the group conversation
        client = as_viewer(viewer)
        for address in (f"/chat/messages/{private}/retell", f"/chat/messages/{private}/ask"):
            assert client.get(address).status_code == 404
        assert client.post(f"/chat/messages/{private}/ask", data={"kind": "post"}).status_code == 404
        assert client.post(f"/chat/requests/{request}", data={"do": "agree"}).status_code == 404
        assert publish(client, private) == (404, 0)
    alice = as_viewer(cast.alice)
    assert alice.post(f"/chat/requests/{request}", data={"do": "agree"}).status_code == 404, "not asked, but asking"
    assert inside


def test_who_left_the_conversation_tells_nothing_any_more(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    here = talk.room(cast.bob, is_public=False, people=("alice",))
    message = talk.say(cast.bob, here, SECRET)
    request = ask(talk, cast.alice, message)
    talk.do(cast.bob, answer_request, request, agrees=True)
    talk.do(cast.bob, chat.remove_member, here, cast.alice.member_id)
    alice = as_viewer(cast.alice)
    assert alice.get(f"/chat/messages/{message}/retell").status_code == 404
    assert publish(alice, message) == (404, 0)
    with pytest.raises(NotFound):
        ask(talk, cast.alice, message)


@pytest.mark.parametrize("way", ["gone", "apart"])
def test_who_cannot_be_asked_is_not_asked(talk: Talk, cast: Cast, way: str) -> None:
    message = talk.say(cast.bob, talk.room(cast.alice, is_public=False, people=("bob",)), SECRET)
    if way == "gone":
        with talk.database.unit_of_work(SYSTEM) as session:
            session.get_one(Person, cast.bob.member_id).deactivated_at = clock.now()
    else:
        talk.do(cast.bob, block, cast.alice.member_id, is_on=True)
    with pytest.raises((Refused, NotFound)):
        ask(talk, cast.alice, message)


def test_a_message_that_is_taken_away_is_not_told_any_more(
    talk: Talk, cast: Cast, as_viewer: AsViewer, private: int
) -> None:
    request = ask(talk, cast.alice, private)
    talk.do(cast.bob, answer_request, request, agrees=True)
    talk.do(cast.bob, chat.delete_message, private)
    assert publish(as_viewer(cast.alice), private) == (404, 0)
    with pytest.raises(NotFound):
        talk.do(cast.bob, answer_request, request, agrees=True)


def test_both_are_told_live_and_in_the_ledger(app: Flask, talk: Talk, cast: Cast, private: int) -> None:
    request = ask(talk, cast.alice, private)
    talk.do(cast.bob, answer_request, request, agrees=True)
    with talk.database.reading(SYSTEM) as session:
        here = session.get_one(Message, private).conversation_id
        told = [outbox.restore(row) for row in outbox.after(session, 0)]
    alice, bob = cast.alice.member_id, cast.bob.member_id
    assert SharingAsked(request, private, here, alice, bob) in told
    assert SharingAnswered(request, private, here, bob, alice) in told
    with app.app_context():
        while outbox.drain(talk.database, "notifications", "here"):
            pass
    with talk.database.reading(SYSTEM) as session:
        waiting = session.execute(select(Notice.person_id, Notice.source).where(Notice.read_at.is_(None))).all()
    assert [tuple(row) for row in waiting] == [(alice, Source.SHARING_ANSWERED)], "who answered is asked no more"


def test_nobody_else_in_the_conversation_sees_what_was_asked(talk: Talk, cast: Cast) -> None:
    message = talk.say(cast.bob, talk.direct(cast.alice, "bob", "carol"), SECRET)
    ask(talk, cast.alice, message)
    assert card(talk, cast.carol, message).requests == ()


def test_a_post_that_tells_nothing_says_nothing(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    status, post = publish(as_viewer(cast.alice), 0, retells="")
    assert status == 201
    with talk.database.reading(cast.carol) as session:
        assert "retold" not in post_card(session, cast.carol, post).parts
        assert session.scalar(select(func.count()).select_from(RetoldMessage)) == 0
        assert session.scalar(select(func.count()).select_from(Post)) == 1


def test_whether_words_may_be_told(talk: Talk, cast: Cast, private: int) -> None:
    def may(viewer: Viewer) -> tuple[bool, bool]:
        found = talk.look(viewer, lambda session: sharing_of(session, viewer, session.get_one(Message, private)))
        return found.is_allowed, found.with_files

    assert may(cast.bob) == (True, True)
    assert may(cast.alice) == (False, False)
    talk.do(cast.bob, answer_request, ask(talk, cast.alice, private), agrees=True)
    assert may(cast.alice) == (True, False)


def test_what_goes_out_later_keeps_the_way_back_and_asks_its_author_once_more(
    app: Flask, talk: Talk, cast: Cast, as_viewer: AsViewer, private: int
) -> None:
    database, request = talk.database, ask(talk, cast.alice, private)
    talk.do(cast.bob, answer_request, request, agrees=True)
    alice, now = as_viewer(cast.alice), clock.now()
    moment = (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "told later", "kind": "update", "retells": str(private), "goes_at": moment}
    for _time in range(2):
        assert alice.post("/posts/schedule", data=form, headers={"X-Fragment": "1"}).status_code == 201
    assert alice.post("/posts/schedule", data={**form, "retells": "7"}, headers={"X-Fragment": "1"}).status_code == 404
    with database.reading(SYSTEM) as session:
        first, second = session.scalars(select(ScheduledPost.id).order_by(ScheduledPost.id))
        assert session.scalars(select(RetoldMessage)).all() == []
    with app.app_context(), clock.fixed(now + timedelta(days=2)):
        talk.do(cast.alice, send_now, first)
        talk.do(cast.bob, answer_request, request, agrees=False)
        with database.reading(SYSTEM) as session:
            (told,) = session.scalars(select(RetoldMessage)).all()
            assert (told.message_id, told.author_id) == (private, cast.bob.id)
        publish_due(database, {"scheduled_id": second})
        with database.reading(SYSTEM) as session:
            assert "not agreed" in session.get_one(ScheduledPost, second).reason
            assert len(session.scalars(select(RetoldMessage)).all()) == 1


def test_who_does_not_answer_within_two_weeks_is_not_asked_any_more_and_may_be_asked_again(
    talk: Talk, cast: Cast, private: int
) -> None:
    request = ask(talk, cast.alice, private)
    with clock.fixed(clock.now() + timedelta(days=15)):
        (mine,) = card(talk, cast.alice, private).requests
        assert mine.has_lapsed
        assert card(talk, cast.bob, private).requests == ()
        with pytest.raises(Refused):
            talk.do(cast.bob, answer_request, request, agrees=True)
        again = ask(talk, cast.alice, private)
        assert again != request
        assert len(card(talk, cast.bob, private).requests) == 1
