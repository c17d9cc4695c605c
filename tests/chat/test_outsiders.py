"""Carol is not in it, frank was, erin has left the company, dana is an admin: none of them gets a word of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from intranet.chat import actions
from intranet.chat.models import Message
from intranet.kernel.db import Database
from intranet.kernel.hub import Hub
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Role, Viewer
from tests.cast import SYSTEM, Cast, add_person
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer

SECRET = "quiet heron"


@pytest.fixture
def frank(database: Database) -> Viewer:
    with database.unit_of_work(SYSTEM) as session:
        return Viewer(add_person(session, "frank").id, frozenset({Role.MEMBER}))


@pytest.fixture(params=["direct", "group", "room"])
def place(request: pytest.FixtureRequest, talk: Talk, cast: Cast, frank: Viewer) -> tuple[int, int]:
    """A conversation with a message in it; frank was in it where one can leave."""
    if request.param == "direct":
        chat = talk.direct(cast.alice, "bob")
    elif request.param == "group":
        chat = talk.direct(cast.alice, "bob", "frank")
        talk.do(frank, actions.leave, chat)
    else:
        chat = talk.room(cast.alice, f"room {SECRET}", is_public=False, people=("bob", "frank"), topic=SECRET)
        talk.do(cast.alice, actions.remove_member, chat, frank.member_id)
    return chat, talk.say(cast.alice, chat, f"{SECRET} @bob")


def calls(chat: int, message: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every call that names a conversation or a message."""
    here, said = f"/api/v1/conversations/{chat}", f"/api/v1/messages/{message}"
    yield from (
        ("GET", address, {}) for address in (here, f"{here}/members", f"{here}/messages", said, f"{said}/replies")
    )
    yield "PATCH", here, {"name": "x", "archived": True}
    yield "POST", f"{here}/members", {"username": "bob"}
    yield "DELETE", f"{here}/members/bob", {}
    yield "POST", f"{here}/messages", {"text": "let me in", "nonce": "n"}
    yield "POST", f"{here}/read", {"message_id": str(message)}
    yield "POST", f"{here}/unread", {"message_id": str(message)}
    yield "POST", f"{here}/mute", {"until": None}
    yield "PATCH", said, {"text": "mine"}
    yield "DELETE", said, {}
    yield "POST", f"{said}/restore", {}
    yield "POST", f"{said}/reactions", {"kind": "agree"}
    yield "POST", f"{said}/forward", {"conversation": str(chat), "nonce": "passed on", "confirm": True}
    for what in ("pin", "bookmark", "follow"):
        yield "POST", f"{said}/{what}", {"on": True}


def lists() -> Iterator[str]:
    yield from (
        "/api/v1/conversations",
        "/api/v1/rooms",
        f"/api/v1/rooms?q={SECRET}",
        "/api/v1/unread",
        "/api/v1/events?since=0",
    )


def test_every_call_answers_an_outsider_like_what_is_not_there(
    place: tuple[int, int], cast: Cast, frank: Viewer, talk: Talk, as_viewer: AsViewer
) -> None:
    chat, message = place
    for viewer in (cast.carol, cast.dana, frank):
        client = as_viewer(viewer)
        there = {(m, a): client.open(a, method=m, json=d).status_code for m, a, d in calls(chat, message)}
        assert set(there.values()) == {404}, {key: status for key, status in there.items() if status != 404}
        for address in lists():
            text = client.get(address).text
            assert SECRET not in text
            assert str(message) not in text
    assert talk.texts(cast.bob, chat) == [f"{SECRET} @bob"]


def test_the_other_one_is_let_in_by_the_same_calls(place: tuple[int, int], cast: Cast, as_viewer: AsViewer) -> None:
    """The check of the check."""
    chat, message = place
    client = as_viewer(cast.bob)
    statuses = [client.open(a, method=m, json=d).status_code for m, a, d in calls(chat, message) if m == "GET"]
    assert statuses == [200] * 5
    assert client.post(f"/api/v1/conversations/{chat}/messages", json={"text": "hi", "nonce": "n"}).status_code == 201
    assert client.post(f"/api/v1/messages/{message}/reactions", json={"kind": "agree"}).status_code == 200


@pytest.fixture
def socket(app: Flask, cast: Cast) -> Callable[[Viewer], Any]:
    def open_socket(viewer: Viewer) -> Any:
        runtime(app).identify = lambda: viewer
        return runtime(app).socketio.test_client(app)

    return open_socket


def heard(client: Any) -> list[dict[str, Any]]:
    return [message for message in client.get_received() if message["name"] != "pong"]


def test_every_socket_call_answers_an_outsider_like_what_is_not_there(
    place: tuple[int, int], cast: Cast, frank: Viewer, socket: Callable[[Viewer], Any], talk: Talk
) -> None:
    chat, message = place
    for viewer in (cast.carol, cast.dana, frank):
        client = socket(viewer)
        for name, data in (
            ("chat:send", {"conversation": str(chat), "text": "x", "nonce": "n"}),
            ("chat:send", {"conversation": {"$ne": 1}, "text": "x", "nonce": "n"}),
            ("chat:read", {"message_id": str(message)}),
            ("chat:read", {"message_id": str(message), "thread": True}),
            ("chat:typing", {"conversation": str(chat)}),
            ("watch", {"audience": str(chat)}),
        ):
            answer = client.emit(name, data, callback=True)
            assert (answer["ok"], answer["error"]["type"]) == (False, "not-found"), name
    assert talk.texts(cast.bob, chat) == [f"{SECRET} @bob"]


def test_a_socket_without_a_member_behind_it_is_refused(
    place: tuple[int, int], cast: Cast, app: Flask, socket: Callable[[Viewer], Any]
) -> None:
    assert not socket(ANONYMOUS).is_connected()
    client = socket(cast.bob)
    runtime(app).identify = lambda: ANONYMOUS  # deactivated while the socket is open
    answer = client.emit("chat:send", {"conversation": str(place[0]), "text": "x", "nonce": "n"}, callback=True)
    assert (answer["ok"], answer["error"]["type"]) == (False, "sign-in-needed")


def test_being_taken_out_stops_delivery_to_an_open_socket_at_once(
    app: Flask, talk: Talk, cast: Cast, socket: Callable[[Viewer], Any]
) -> None:
    room = talk.room(cast.alice, "plans", is_public=False, people=("bob", "carol"))
    hub = Hub(app)
    bob, carol = socket(cast.bob), socket(cast.carol)
    talk.say(cast.alice, room, "both hear this")
    talk.do(cast.alice, actions.remove_member, room, cast.carol.member_id)
    talk.say(cast.alice, room, f"{SECRET}, without carol")
    runtime(app).identify = lambda: cast.bob
    bob.emit("chat:typing", {"conversation": str(room)}, callback=True)
    hub.step()
    runtime(app).identify = lambda: cast.alice
    types = [message["args"][0]["type"] for message in heard(carol) if message["name"] == "event"]
    assert types == ["message.sent", "conversation.gone"]
    said = [m["args"][0]["data"]["text"] for m in heard(bob) if m["args"][0].get("type") == "message.sent"]
    assert said == ["both hear this", f"{SECRET}, without carol"]


def test_what_was_missed_is_told_to_members_alone_even_of_the_time_when_one_was_in(
    talk: Talk, cast: Cast, as_viewer: AsViewer
) -> None:
    room = talk.room(cast.alice, "plans", is_public=False, people=("bob", "carol"))
    talk.say(cast.alice, room, SECRET)
    assert SECRET in as_viewer(cast.carol).get("/api/v1/events?since=0").text
    talk.do(cast.carol, actions.leave, room)
    assert SECRET not in as_viewer(cast.carol).get("/api/v1/events?since=0").text
    assert SECRET in as_viewer(cast.bob).get("/api/v1/events?since=0").text


def test_an_admin_reads_no_row_of_it(talk: Talk, cast: Cast) -> None:
    two = talk.direct(cast.alice, "bob")
    message = talk.say(cast.alice, two, SECRET)
    assert talk.look(cast.dana, lambda s: s.get(Message, message)) is None


def test_nothing_is_posted_into_a_conversation(place: tuple[int, int], cast: Cast, as_viewer: AsViewer) -> None:
    """Its members send messages; a post with their audience would have no page that shows where it is."""
    body = {"text": "hello", "audience": {"group": str(place[0])}}
    assert as_viewer(cast.alice).post("/api/v1/posts", json=body).status_code == 404
