"""Chat messages are found by those who may read them, and by nobody else."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from intranet.chat import actions
from intranet.kernel.db import Database
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


def found(client: FlaskClient, words: str, **more: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/search", query_string={"q": words, **more})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def test_a_message_is_found_in_its_conversation_and_nowhere_else(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    two = talk.direct(cast.alice, "bob")
    message = talk.say(cast.alice, two, "the torque wrench lives in the zugvogel cupboard")
    for viewer in (cast.alice, cast.bob):
        hits = found(as_viewer(viewer), "zugvogel", kind="message")
        assert [(hit["kind"], hit["id"]) for hit in hits] == [("message", str(message))]
    for viewer in (cast.carol, cast.dana):
        client = as_viewer(viewer)
        assert found(client, "zugvogel") == []
        assert "torque" not in client.get("/search?q=zugvogel").text
        assert "cupboard" not in client.get("/search/suggest?q=zugv").text
        assert client.get("/api/v1/experts?q=zugvogel").get_json()["items"] == []
    assert as_viewer(cast.bob).get("/api/v1/experts?q=zugvogel").get_json()["items"] == []  # it proves nothing


def test_what_is_edited_deleted_or_left_is_found_no_more(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    room = talk.room(cast.alice, "plans", is_public=False, people=("bob",))
    message = talk.say(cast.alice, room, "zugvogel")
    talk.do(cast.alice, actions.edit_message, message, "kranich")
    client = as_viewer(cast.bob)
    assert found(client, "zugvogel") == []
    assert len(found(client, "kranich")) == 1
    assert "kranich" in client.get("/search?q=kranich").text
    talk.do(cast.bob, actions.leave, room)
    assert found(as_viewer(cast.bob), "kranich") == []
    talk.do(cast.alice, actions.delete_message, message)
    assert found(as_viewer(cast.alice), "kranich") == []


def test_everybody_finds_what_is_said_in_a_public_room(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    talk.say(cast.alice, talk.room(cast.alice), "zugvogel")
    assert len(found(as_viewer(cast.carol), "zugvogel", kind="message")) == 1
