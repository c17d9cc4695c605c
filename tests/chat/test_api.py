"""Conversations through HTTP, as programs use them."""

from typing import Any

from flask.testing import FlaskClient

from intranet.chat import actions
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer


def send(client: FlaskClient, chat: str, text: str, nonce: str) -> dict[str, Any]:
    answer = client.post(f"/api/v1/conversations/{chat}/messages", json={"text": text, "nonce": nonce})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_program_talks_reads_and_catches_up(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    made = alice.post("/api/v1/conversations", json={"people": ["bob"]})
    assert made.status_code == 201
    chat = made.get_json()["id"]
    assert alice.post("/api/v1/conversations", json={"people": ["bob"]}).get_json()["id"] == chat
    ids = [send(alice, chat, f"m{n}", f"n{n}")["id"] for n in range(3)]
    assert send(alice, chat, "m0", "n0")["id"] == ids[0]

    bob = as_viewer(cast.bob)
    listed = bob.get("/api/v1/conversations").get_json()["items"]
    assert [(one["id"], one["place"]["unread"]) for one in listed] == [(chat, 3)]
    messages = bob.get(f"/api/v1/conversations/{chat}/messages").get_json()
    assert [one["id"] for one in messages["items"]] == ids[::-1]
    assert messages["next"] is None
    missed = bob.get(f"/api/v1/conversations/{chat}/messages?after=1").get_json()
    assert [one["position"] for one in missed["items"]] == [2, 3]
    read = bob.post(f"/api/v1/conversations/{chat}/read", json={"message_id": ids[1]}).get_json()
    assert (read["unread"], read["position"]) == (1, 2)
    assert bob.get("/api/v1/unread").get_json()["badge"] == [chat]


def test_long_history_comes_in_pages_without_gap_or_double(cast: Cast, as_viewer: AsViewer, talk: Talk) -> None:
    room = talk.room(cast.alice)
    for number in range(90):
        talk.say(cast.alice, room, str(number))
    talk.do(cast.bob, actions.join_room, room)
    for number in range(90, 120):
        talk.say(cast.bob, room, str(number))
    client = as_viewer(cast.carol)
    seen: list[int] = []
    before: str | None = ""
    while before is not None:
        page = client.get(f"/api/v1/conversations/{room}/messages?before={before}").get_json()
        seen += [one["position"] for one in page["items"]]
        before = page["next"]
    assert seen == list(range(120, 0, -1))


def test_a_room_is_opened_found_joined_and_left(cast: Cast, as_viewer: AsViewer) -> None:
    made = as_viewer(cast.alice).post(
        "/api/v1/conversations", json={"room": "ingest-v3", "topic": "moves", "people": ["bob"]}
    )
    room = made.get_json()
    assert (room["name"], room["private"], room["member_count"]) == ("ingest-v3", False, 2)
    carol = as_viewer(cast.carol)
    found = carol.get("/api/v1/rooms?q=ing").get_json()["items"]
    assert [(one["id"], one["place"]) for one in found] == [(room["id"], None)]
    assert carol.post(f"/api/v1/conversations/{room['id']}/members", json={"username": "carol"}).status_code == 201
    names = [one["username"] for one in carol.get(f"/api/v1/conversations/{room['id']}/members").get_json()["items"]]
    assert names == ["alice", "bob", "carol"]
    assert carol.delete(f"/api/v1/conversations/{room['id']}/members/bob").status_code == 403
    assert carol.delete(f"/api/v1/conversations/{room['id']}/members/carol").status_code == 204
    refused = carol.post(f"/api/v1/conversations/{room['id']}/messages", json={"text": "x", "nonce": "n"})
    assert refused.status_code == 403


def test_mistakes_are_told_by_field(cast: Cast, as_viewer: AsViewer) -> None:
    client = as_viewer(cast.alice)
    for body, field in (
        ({"people": []}, "people"),
        ({"people": ["nobody"]}, "people"),
        ({"room": "  "}, "room"),
        ({"room": "x" * 81}, "room"),
        ({"room": "plans", "private": True, "group": "1"}, "private"),
    ):
        answer = client.post("/api/v1/conversations", json=body)
        assert answer.status_code == 422
        assert field in answer.get_json()["fields"], body
    chat = client.post("/api/v1/conversations", json={"people": ["bob"]}).get_json()["id"]
    for query in ("before=x", "after=-1", "before=99999999999999999999"):
        assert client.get(f"/api/v1/conversations/{chat}/messages?{query}").status_code == 422
