"""Passing a message on: its words go along, never unsaid to whom; where it was said is told to those who read there."""

import pytest

from intranet.chat import actions
from intranet.chat.cards import MessageCard
from intranet.chat.forwarding.actions import ForwardDraft, exposure, forward_message
from intranet.chat.models import Message
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.viewer import Viewer
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer


def draft(conversation: int, text: str = "", nonce: str = "n", *, is_confirmed: bool = False) -> ForwardDraft:
    return ForwardDraft(conversation_id=conversation, text=text, nonce=nonce, is_confirmed=is_confirmed)


def last(talk: Talk, viewer: Viewer, conversation: int) -> MessageCard:
    return talk.heard(viewer, conversation)[-1]


@pytest.fixture
def said(talk: Talk, cast: Cast) -> tuple[int, int]:
    """A private conversation of alice and bob, and a message of bob's in it."""
    here = talk.direct(cast.alice, "bob")
    return here, talk.say(cast.bob, here, "the **quiet** heron")


def test_who_could_not_read_it_is_named_before_anything_is_passed_on(
    talk: Talk, cast: Cast, said: tuple[int, int]
) -> None:
    there = talk.direct(cast.alice, "bob", "carol")
    exposed = talk.look(
        cast.alice, lambda session: exposure(session, cast.alice, session.get_one(Message, said[1]), there)
    )
    assert exposed.people == (cast.carol.member_id,)
    assert not exposed.is_everybody
    with pytest.raises(Invalid, match="1 person there could not read this"):
        talk.do(cast.alice, forward_message, said[1], draft(there))
    assert talk.heard(cast.carol, there) == []
    talk.do(cast.alice, forward_message, said[1], draft(there, "look", is_confirmed=True))
    card = last(talk, cast.carol, there)
    assert card.text == "look"
    assert card.forwarded is not None
    assert card.forwarded.author.username == "bob"
    assert "<strong>quiet</strong>" in card.forwarded.html


def test_where_it_was_said_shows_to_those_alone_who_read_there(
    talk: Talk, cast: Cast, said: tuple[int, int], as_viewer: AsViewer
) -> None:
    there = talk.direct(cast.alice, "bob", "carol")
    sent = talk.do(cast.alice, forward_message, said[1], draft(there, is_confirmed=True)).id
    for viewer, knows in ((cast.alice, True), (cast.bob, True), (cast.carol, False)):
        card = last(talk, viewer, there)
        assert card.forwarded is not None
        assert (card.forwarded.source_id == said[1]) == knows
        client = as_viewer(viewer)
        for address in (f"/chat/{there}", f"/chat/messages/{sent}", f"/api/v1/messages/{sent}"):
            answer = client.get(address, headers={"X-Fragment": "1"}).get_data(as_text=True)
            assert ("where it was said" in answer) == (knows and "api" not in address), address
            assert knows or str(said[1]) not in answer
            assert knows or str(said[0]) not in answer
        assert client.get(f"/chat/messages/{said[1]}").status_code == (302 if knows else 404)


def test_among_those_who_read_it_anyway_nothing_is_asked(talk: Talk, cast: Cast, said: tuple[int, int]) -> None:
    room = talk.room(cast.carol, "open")
    public = talk.say(cast.carol, room, "for all")
    assert talk.do(cast.alice, forward_message, public, draft(said[0], nonce="1"))
    assert talk.do(cast.alice, forward_message, said[1], draft(said[0], nonce="2"))


def test_a_room_that_everybody_reads_says_so(talk: Talk, cast: Cast, said: tuple[int, int]) -> None:
    room = talk.room(cast.alice, "open", people=("bob",))
    with pytest.raises(Invalid, match="everybody else who may read that room"):
        talk.do(cast.alice, forward_message, said[1], draft(room))


def test_a_retry_passes_on_once(talk: Talk, cast: Cast, said: tuple[int, int]) -> None:
    once = talk.do(cast.alice, forward_message, said[1], draft(said[0]))
    assert talk.do(cast.alice, forward_message, said[1], draft(said[0])).id == once.id
    assert len(talk.heard(cast.alice, said[0])) == 2


def test_what_passes_something_on_without_a_word_passes_that_on(talk: Talk, cast: Cast, said: tuple[int, int]) -> None:
    there = talk.direct(cast.alice, "carol")
    first = talk.do(cast.alice, forward_message, said[1], draft(there, is_confirmed=True)).id
    further = talk.direct(cast.carol, "dana")
    with pytest.raises(Invalid):
        talk.do(cast.carol, forward_message, first, draft(further))
    talk.do(cast.carol, forward_message, first, draft(further, nonce="2", is_confirmed=True))
    card = last(talk, cast.dana, further)
    assert card.forwarded is not None
    assert card.forwarded.author.username == "bob"
    assert "heron" in card.forwarded.html
    assert card.forwarded.source_id == 0


def test_it_follows_what_becomes_of_its_source(
    talk: Talk, cast: Cast, said: tuple[int, int], database: Database
) -> None:
    there = talk.direct(cast.alice, "carol")
    talk.do(cast.alice, forward_message, said[1], draft(there, is_confirmed=True))

    def words() -> str:
        while jobs.run_due(database):
            pass
        card = last(talk, cast.carol, there)
        assert card.forwarded is not None
        return card.forwarded.html

    talk.do(cast.bob, actions.edit_message, said[1], "the loud heron")
    assert "loud" in words()
    talk.do(cast.bob, actions.delete_message, said[1])
    assert words() == ""
    talk.do(cast.bob, actions.restore_message, said[1])
    assert "loud" in words()
    talk.do(cast.bob, actions.delete_message, said[1])
    with clock.fixed(clock.now() + actions.changing.UNDO * 2):
        assert words() == ""


def test_who_may_not_read_a_message_cannot_pass_it_on(
    talk: Talk, cast: Cast, said: tuple[int, int], as_viewer: AsViewer
) -> None:
    there = talk.direct(cast.carol, "dana")
    for viewer in (cast.carol, cast.dana):
        with pytest.raises(NotFound):
            talk.do(viewer, forward_message, said[1], draft(there, is_confirmed=True))
        client = as_viewer(viewer)
        assert client.get(f"/chat/messages/{said[1]}/forward").status_code == 404
        body = {"conversation": str(there), "nonce": "n", "confirm": True}
        assert client.post(f"/api/v1/messages/{said[1]}/forward", json=body).status_code == 404
    assert talk.heard(cast.dana, there) == []


def test_nothing_is_passed_on_to_where_one_is_not(talk: Talk, cast: Cast, said: tuple[int, int]) -> None:
    for there in (
        talk.direct(cast.carol, "dana"),
        talk.room(cast.carol, "open"),
        talk.room(cast.carol, "shut", is_public=False),
    ):
        with pytest.raises(NotFound):
            talk.do(cast.alice, forward_message, said[1], draft(there, is_confirmed=True))


def test_the_page_names_who_would_read_it_and_keeps_what_was_typed(
    talk: Talk, cast: Cast, said: tuple[int, int], as_viewer: AsViewer
) -> None:
    there, elsewhere = talk.direct(cast.alice, "carol"), talk.direct(cast.alice, "dana")
    client = as_viewer(cast.alice)
    assert "quiet" in client.get(f"/chat/messages/{said[1]}/forward").get_data(as_text=True)
    form = {"conversation": str(there), "text": "see this", "nonce": "page"}
    answer = client.post(f"/chat/messages/{said[1]}/forward", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Carol Example" in page
    assert "1 person there could not read this" in page
    assert "see this" in page
    assert f'name="confirm" value="{there}"' in page
    other = {**form, "conversation": str(elsewhere), "confirm": str(there)}
    assert client.post(f"/chat/messages/{said[1]}/forward", data=other).status_code == 422, "said of carol, not of dana"
    assert client.post(f"/chat/messages/{said[1]}/forward", data={**form, "confirm": str(there)}).status_code == 303
    assert talk.texts(cast.carol, there) == ["see this"]
    assert client.post(f"/chat/messages/{said[1]}/forward", data={"nonce": "x"}).status_code == 422
