"""What reaches open pages: durable events to whom they concern, presence to everybody, nothing to strangers."""

from typing import Any

import pytest
from flask import Flask

from intranet.kernel import outbox
from intranet.kernel.db import Database
from intranet.kernel.hub import Hub
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS, Viewer
from intranet.people.actions import follow_person, set_status
from intranet.topics.actions import claim_skill
from tests.cast import Cast


def _socket(app: Flask, viewer: Viewer) -> Any:
    runtime(app).identify = lambda: viewer
    return runtime(app).socketio.test_client(app, flask_test_client=app.test_client())


def _heard(socket: Any, name: str) -> list[dict[str, Any]]:
    return [message["args"][0] for message in socket.get_received() if message["name"] == name]


def test_a_changed_profile_reaches_everybody_as_everybody_may_see_it(
    app: Flask, database: Database, cast: Cast
) -> None:
    socket = _socket(app, cast.carol)
    hub = Hub(app)
    with database.unit_of_work(cast.alice) as session:
        set_status(session, cast.alice, emoji="📟", words="On call", ends_at=None)
    hub.step()
    (event,) = _heard(socket, "event")
    assert event["type"] == "profile.changed"
    assert event["data"]["person"]["status"] == {"emoji": "📟", "text": "On call"}
    assert event["data"]["person"]["username"] == "alice"


def test_only_the_one_who_is_followed_hears_of_it(app: Flask, database: Database, cast: Cast) -> None:
    bob, carol = _socket(app, cast.bob), _socket(app, cast.carol)
    hub = Hub(app)
    with database.unit_of_work(cast.alice) as session:
        follow_person(session, cast.alice, cast.bob.member_id)
    hub.step()
    assert [event["data"]["follower"]["username"] for event in _heard(bob, "event")] == ["alice"]
    assert _heard(carol, "event") == []


def test_a_claimed_skill_names_the_page_that_must_look_again(app: Flask, database: Database, cast: Cast) -> None:
    socket = _socket(app, cast.carol)
    hub = Hub(app)
    with database.unit_of_work(cast.alice) as session:
        claim_skill(session, cast.alice, "kafka")
    hub.step()
    (event,) = _heard(socket, "event")
    assert (event["type"], event["data"]["username"], event["data"]["slug"]) == ("skill.claimed", "alice", "kafka")


def test_presence_is_told_once_and_never_stored_as_an_event(app: Flask, database: Database, cast: Cast) -> None:
    carol = _socket(app, cast.carol)
    alice = _socket(app, cast.alice)
    assert alice.emit("presence:seen", {}, callback=True) == {"ok": True}
    assert alice.emit("presence:seen", {}, callback=True) == {"ok": True}
    assert alice.emit("presence:seen", {"away": True}, callback=True) == {"ok": True}
    states = [(told["person_id"], told["state"]) for told in _heard(carol, "presence")]
    assert states == [(str(cast.alice.member_id), "around"), (str(cast.alice.member_id), "away")]
    with database.reading(cast.alice) as session:
        assert outbox.newest_id(session) == 0


@pytest.mark.parametrize("data", [None, "text", 7, []])
def test_odd_calls_are_refused_politely(app: Flask, cast: Cast, data: object) -> None:
    socket = _socket(app, cast.alice)
    assert socket.emit("presence:seen", data, callback=True)["ok"] is False


def test_a_visitor_who_is_not_signed_in_gets_no_socket(app: Flask, cast: Cast) -> None:
    assert not _socket(app, ANONYMOUS).is_connected()
