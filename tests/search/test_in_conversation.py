"""What was said in a conversation is found by those who are in it, and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from intranet.chat import actions, queries
from intranet.kernel import clock
from intranet.people.models import Profile
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk, talk
from tests.fixtures import AsViewer

__all__ = ["talk"]  # the fixture, for this folder
FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def place(talk: Talk, cast: Cast) -> int:
    chat = talk.room(cast.alice, "quiet", is_public=False, people=("bob", "carol"))
    for text in ("good morning", "the heron left the pond", "it was late", "grey <b>herons</b> are patient"):
        talk.say(cast.alice, chat, text)
    return chat


def test_hits_stand_newest_first_with_the_word_marked_and_what_was_said_around_them(
    cast: Cast, place: int, as_viewer: AsViewer
) -> None:
    page = as_viewer(cast.bob).get(f"/chat/{place}/search?q=heron", headers={"X-Fragment": "1"}).text
    assert "2 messages" in page
    assert page.index("are patient") < page.index("left the pond")
    assert "the <mark>heron</mark> left" in page
    assert "good morning" in page  # around the first of them
    assert "<b>herons" not in page


def test_a_public_room_is_searched_too_by_whoever_reads_it(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    room = talk.room(cast.alice, "ponds", is_public=True, people=("bob",))
    talk.say(cast.alice, room, "the heron is back")
    for viewer in (cast.bob, cast.carol):
        assert "the <mark>heron</mark> is back" in as_viewer(viewer).get(f"/chat/{room}/search?q=heron").text


def test_a_hit_leads_to_the_message_beside_the_hits(talk: Talk, cast: Cast, place: int, as_viewer: AsViewer) -> None:
    message = talk.heard(cast.bob, place)[1]
    page = as_viewer(cast.bob).get(f"/chat/{place}/search?q=heron&at={message.id}").text
    assert f'id="message-{message.id}"' in page
    assert 'aria-current="true"' in page
    assert 'data-screen="room"' in page  # on a phone the conversation shows, not the list of hits


def test_other_conversations_and_what_was_taken_away_are_not_found(
    talk: Talk, cast: Cast, place: int, as_viewer: AsViewer
) -> None:
    talk.say(cast.bob, talk.direct(cast.bob, "alice"), "heron elsewhere")
    talk.do(cast.alice, actions.delete_message, talk.heard(cast.alice, place)[1].id)
    page = as_viewer(cast.bob).get(f"/chat/{place}/search?q=heron").text
    assert "elsewhere" not in page
    assert "1 message" in page


def test_outsiders_and_who_was_in_it_find_no_such_page(talk: Talk, cast: Cast, place: int, as_viewer: AsViewer) -> None:
    address = f"/chat/{place}/search?q=heron"
    assert as_viewer(cast.carol).get(address).status_code == 200
    talk.do(cast.alice, actions.remove_member, place, cast.carol.member_id)
    for viewer in (cast.carol, cast.dana):
        answer = as_viewer(viewer).get(address)
        assert (answer.status_code, "pond" in answer.text) == (404, False)
        assert as_viewer(viewer).get(f"/chat/{place}?day=2026-03-02").status_code == 404


def test_from_and_has_narrow_here_too(talk: Talk, cast: Cast, place: int, as_viewer: AsViewer) -> None:
    talk.say(cast.carol, place, "a heron of mine")
    page = as_viewer(cast.bob).get(f"/chat/{place}/search?q=heron from:carol", headers={"X-Fragment": "1"}).text
    assert ("1 message" in page, "of mine" in page, "pond" in page) == (True, True, False)


def test_a_day_leads_to_what_was_said_first_on_it_or_after(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    chat = talk.direct(cast.alice, "bob")
    said: list[int] = []
    for days in (0, 0, 1, 5, 5):
        with clock.fixed(FIRST_DAY + timedelta(days=days, hours=len(said))):
            said.append(talk.say(cast.alice, chat))
    client = as_viewer(cast.bob)
    places = {"2026-01-01": 0, "2026-03-02": 0, "2026-03-03": 2, "2026-03-04": 3, "2026-03-07": 3}
    for day, place in places.items():
        assert client.get(f"/chat/{chat}?day={day}").location.endswith(f"#message-{said[place]}")
    assert client.get(f"/chat/{chat}?day=2026-03-08").location.endswith("newest=1")
    for odd in ("tomorrow", "2026-13-45", "9999999"):
        assert client.get(f"/chat/{chat}?day={odd}").location == f"/chat/{chat}"


def test_a_day_begins_at_the_reader_s_own_midnight(talk: Talk, cast: Cast, as_viewer: AsViewer) -> None:
    chat = talk.direct(cast.alice, "bob")
    with talk.database.unit_of_work(SYSTEM) as session:
        session.add(Profile(person_id=cast.bob.member_id, timezone="Asia/Tokyo"))
    with clock.fixed(FIRST_DAY.replace(hour=16)):  # one in the morning of the third, in Tokyo
        said = talk.say(cast.alice, chat)
    with clock.fixed(FIRST_DAY + timedelta(days=1)):
        later = talk.say(cast.alice, chat)
    assert as_viewer(cast.bob).get(f"/chat/{chat}?day=2026-03-03").location.endswith(f"#message-{said}")
    assert as_viewer(cast.alice).get(f"/chat/{chat}?day=2026-03-03").location.endswith(f"#message-{later}")


def test_a_place_in_a_long_history_is_found_by_halving(talk: Talk, cast: Cast) -> None:
    chat = talk.direct(cast.alice, "bob")
    said: list[int] = []
    for number in range(20):
        with clock.fixed(FIRST_DAY + timedelta(hours=number)):
            root = said[2] if number == 10 else None
            said.append(talk.say(cast.alice, chat, root_id=root))
    with talk.database.reading(cast.bob) as session:
        moments = [FIRST_DAY + timedelta(hours=number) for number in range(21)]
        found = [queries.first_said_since(session, chat, 20, moment) for moment in moments]
    assert found == [*said[:10], said[11], *said[11:], None]  # a reply shows in its thread alone
