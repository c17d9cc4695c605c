"""What sockets are told: once, in order, the same as the API gives."""

from typing import Any

import pytest
from flask import Flask

from intranet.chat import actions
from intranet.chat.models import ChatChoices
from intranet.kernel.hub import Hub
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import block
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer


class Stage:
    """Sockets of the cast on one server, and its hub."""

    def __init__(self, app: Flask) -> None:
        self.app, self.hub = app, Hub(app)
        self.viewers: dict[int, Viewer] = {}

    def socket(self, viewer: Viewer) -> Any:
        runtime(self.app).identify = lambda: viewer
        client = runtime(self.app).socketio.test_client(self.app)
        self.viewers[id(client)] = viewer
        return client

    def call(self, client: Any, name: str, data: dict[str, Any]) -> dict[str, Any]:
        runtime(self.app).identify = lambda: self.viewers[id(client)]
        answer: dict[str, Any] = client.emit(name, data, callback=True)
        return answer

    def heard(self, client: Any, name: str = "event") -> list[dict[str, Any]]:
        while self.hub.step():
            pass
        return [message["args"][0] for message in client.get_received() if message["name"] == name]


@pytest.fixture
def stage(app: Flask, cast: Cast) -> Stage:
    return Stage(app)


def test_a_send_is_acknowledged_pushed_once_and_is_what_get_gives(
    stage: Stage, talk: Talk, cast: Cast, as_viewer: AsViewer
) -> None:
    two = talk.direct(cast.alice, "bob")
    alice, bob = stage.socket(cast.alice), stage.socket(cast.bob)
    said = {"conversation": str(two), "text": "hello", "nonce": "n1"}
    stage.heard(bob)
    first, again = stage.call(alice, "chat:send", said), stage.call(alice, "chat:send", said)
    assert first == again
    assert (first["ok"], first["message"]["text"], first["message"]["position"]) == (True, "hello", 1)
    events = stage.heard(bob)
    assert [(event["type"], event["data"]) for event in events] == [("message.sent", first["message"])]
    assert as_viewer(cast.bob).get(f"/api/v1/messages/{first['message']['id']}").json == first["message"]


def test_bad_input_is_refused_by_field(stage: Stage, talk: Talk, cast: Cast) -> None:
    alice = stage.socket(cast.alice)
    refused = stage.call(alice, "chat:send", {"conversation": str(talk.direct(cast.alice, "bob")), "nonce": "n"})
    assert (refused["ok"], list(refused["error"]["fields"])) == (False, ["text"])


def test_a_new_conversation_reaches_those_who_are_in_it_before_its_first_message(
    stage: Stage, talk: Talk, cast: Cast
) -> None:
    bob, carol = stage.socket(cast.bob), stage.socket(cast.carol)
    two = talk.direct(cast.alice, "bob")
    talk.say(cast.alice, two, "first")
    assert [event["type"] for event in stage.heard(bob)] == ["conversation.started", "message.sent"]
    assert stage.heard(carol) == []


def test_changes_are_pushed_with_the_message_as_it_is_now(stage: Stage, talk: Talk, cast: Cast) -> None:
    two = talk.direct(cast.alice, "bob")
    bob = stage.socket(cast.bob)
    message = talk.say(cast.alice, two, "hello")
    stage.heard(bob)
    talk.do(cast.alice, actions.edit_message, message, "hello there")
    talk.do(cast.bob, actions.react, message, ReactionKind.AGREE, is_on=True)
    talk.do(cast.bob, actions.pin, message, is_on=True)
    edited, reacted, pinned = stage.heard(bob)
    assert (edited["type"], edited["data"]["text"]) == ("message.edited", "hello there")
    assert (reacted["type"], reacted["data"]["reactions"]) == ("message.reacted", {"agree": 1})
    assert (pinned["type"], pinned["data"]["pinned"]) == ("message.pinned", True)
    talk.do(cast.alice, actions.delete_message, message)
    (gone,) = stage.heard(bob)
    assert (gone["type"], gone["data"]["deleted"], gone["data"]["text"]) == ("message.deleted", True, "")


def test_reading_moves_the_counts_of_ones_own_windows_and_shows_a_receipt(stage: Stage, talk: Talk, cast: Cast) -> None:
    two = talk.direct(cast.alice, "bob")
    message = talk.say(cast.alice, two, "@bob hello")
    alice, bob, other_bob = stage.socket(cast.alice), stage.socket(cast.bob), stage.socket(cast.bob)
    assert stage.call(bob, "chat:read", {"message_id": str(message)})["unread"] == 0
    mine = {"conversation": str(two), "person_id": str(cast.bob.id), "position": 1, "unread": 0, "mentions": 0}
    assert stage.heard(other_bob, "read") == [mine]
    receipt = {"conversation": str(two), "person_id": str(cast.bob.id), "position": 1}
    assert [message["args"][0] for message in alice.get_received() if message["name"] == "receipt"] == [receipt]


def test_across_a_block_nobody_learns_how_far_the_other_has_read(
    stage: Stage, talk: Talk, cast: Cast, as_viewer: AsViewer
) -> None:
    three = talk.direct(cast.alice, "bob", "carol")
    message = talk.say(cast.carol, three)
    talk.do(cast.bob, block, cast.alice.member_id, is_on=True)
    alice, bob, carol = (stage.socket(one) for one in (cast.alice, cast.bob, cast.carol))
    stage.call(bob, "chat:read", {"message_id": str(message)})
    assert stage.heard(alice, "receipt") == []
    assert [receipt["person_id"] for receipt in stage.heard(carol, "receipt")] == [str(cast.bob.id)]
    page = as_viewer(cast.alice).get(f"/chat/{three}").text
    assert f"{cast.carol.id}:1:Carol" in page
    assert f"{cast.bob.id}:" not in page


def test_who_shows_neither_reading_nor_typing_is_not_told_of(stage: Stage, talk: Talk, cast: Cast) -> None:
    two = talk.direct(cast.alice, "bob")
    message = talk.say(cast.alice, two)
    talk.do(
        cast.bob,
        lambda s, v: s.add(ChatChoices(person_id=v.member_id, shows_reading=False, shows_typing=False)),
    )
    alice, bob = stage.socket(cast.alice), stage.socket(cast.bob)
    stage.call(bob, "chat:read", {"message_id": str(message)})
    stage.call(bob, "chat:typing", {"conversation": str(two)})
    assert [message["name"] for message in alice.get_received()] == []


def test_typing_is_heard_by_the_conversation_alone(stage: Stage, talk: Talk, cast: Cast) -> None:
    two = talk.direct(cast.alice, "bob")
    alice, bob, carol = stage.socket(cast.alice), stage.socket(cast.bob), stage.socket(cast.carol)
    assert stage.call(bob, "chat:typing", {"conversation": str(two)})["ok"]
    said = {"conversation": str(two), "root": None, "person_id": str(cast.bob.id), "name": "Bob Example"}
    assert stage.heard(alice, "typing") == [said]
    assert stage.heard(carol, "typing") == []
