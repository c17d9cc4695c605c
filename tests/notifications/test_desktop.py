"""A window shows what was said to its reader where they want that, and never to anybody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from intranet.chat import actions as chat
from intranet.kernel import clock
from intranet.notifications.models import Level, Source, Wish
from intranet.people.actions import set_focus
from intranet.people.apart.actions import mute
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk, talk
from tests.fixtures import AsViewer

__all__ = ["talk"]  # the fixture, for this folder
SECRET = "quiet heron"


@pytest.fixture
def words(talk: Talk, cast: Cast) -> tuple[int, int]:
    """A conversation of alice's and bob's, and what alice said in it."""
    where = talk.direct(cast.alice, "bob")
    return where, talk.say(cast.alice, where, SECRET)


def shown(client: FlaskClient, message_id: int) -> dict[str, Any] | None:
    answer = client.get(f"/notifications/message/{message_id}")
    assert answer.status_code == 200
    found: dict[str, Any] | None = answer.get_json()["notification"]
    return found


def test_it_says_who_wrote_and_not_what_in_private(cast: Cast, words: tuple[int, int], as_viewer: AsViewer) -> None:
    where, message = words
    assert shown(as_viewer(cast.bob), message) == {
        "title": "Alice Example",
        "body": "wrote to you",
        "url": f"/chat/messages/{message}",
        "tag": f"chat:{where}",
    }


def test_in_a_public_room_a_mention_alone_is_told_with_its_words(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    room = talk.room(cast.alice, "welding", people=("bob",))
    plain, named = talk.say(cast.alice, room, "sparks"), talk.say(cast.alice, room, "sparks, @bob")
    client = as_viewer(cast.bob)
    assert shown(client, plain) is None
    found = shown(client, named)
    assert found is not None
    assert (found["title"], found["body"]) == ("Alice Example in welding", "sparks, @Bob Example")


def silence_by_muting(talk: Talk, cast: Cast, where: int) -> None:
    talk.do(cast.bob, chat.mute, where, clock.now() + timedelta(hours=1))


def silence_by_focus(talk: Talk, cast: Cast, _where: int) -> None:
    talk.do(cast.bob, set_focus, until=clock.now() + timedelta(hours=1))


def silence_by_level(talk: Talk, cast: Cast, _where: int) -> None:
    with talk.database.unit_of_work(SYSTEM) as session:
        session.add(Wish(person_id=cast.bob.member_id, source=Source.CHAT_DIRECT, level=Level.TODAY))


def silence_by_reading(talk: Talk, cast: Cast, where: int) -> None:
    talk.do(cast.bob, chat.mark_read, talk.heard(cast.bob, where)[-1].id)


def silence_by_muting_its_author(talk: Talk, cast: Cast, _where: int) -> None:
    talk.do(cast.bob, mute, cast.alice.member_id, is_on=True)


@pytest.mark.parametrize(
    "silence",
    [silence_by_muting, silence_by_focus, silence_by_level, silence_by_reading, silence_by_muting_its_author],
)
def test_what_the_reader_does_not_want_told_is_not(
    talk: Talk, cast: Cast, words: tuple[int, int], as_viewer: AsViewer, silence: Callable[[Talk, Cast, int], None]
) -> None:
    silence(talk, cast, words[0])
    assert shown(as_viewer(cast.bob), words[1]) is None


def test_nobody_is_told_of_their_own_words(cast: Cast, words: tuple[int, int], as_viewer: AsViewer) -> None:
    assert shown(as_viewer(cast.alice), words[1]) is None


def test_outsiders_and_readers_of_a_public_room_who_are_not_in_it_hear_nothing(
    talk: Talk, cast: Cast, words: tuple[int, int], as_viewer: AsViewer
) -> None:
    said = talk.say(cast.alice, talk.room(cast.alice, "open"), "@carol and all")
    for viewer, message in ((cast.carol, words[1]), (cast.dana, words[1]), (cast.carol, said)):
        answer = as_viewer(viewer).get(f"/notifications/message/{message}")
        assert (answer.status_code, SECRET in answer.text) == (404, False)
