"""Chat as pages: everything works as plain forms and redirects."""

import re
from io import BytesIO

import pytest

from intranet.chat import actions, queries
from intranet.chat.models import ChatChoices
from tests.cast import Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer


@pytest.fixture
def room(talk: Talk, cast: Cast) -> int:
    return talk.room(cast.alice, people=("bob",), topic="sparks")


def test_a_conversation_is_begun_written_to_and_answered_without_script(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    begun = alice.post("/chat", data={"people": "bob"})
    assert begun.status_code == 303
    place = begun.location
    sent = alice.post(f"{place}/messages", data={"text": "hello **bob**", "nonce": "n1"})
    assert sent.status_code == 303
    again = alice.post(f"{place}/messages", data={"text": "hello **bob**", "nonce": "n1"})
    assert again.location == sent.location
    bob = as_viewer(cast.bob)
    assert 'data-count="1"' in bob.get("/chat").text
    page = bob.get(place).text
    assert page.count("hello <strong>bob</strong>") == 1
    assert "1 new" in page
    assert bob.post(f"{place}/read").status_code == 303
    assert "1 new" not in bob.get(place).text


def test_what_cannot_be_sent_stays_in_the_box_with_the_reason(cast: Cast, as_viewer: AsViewer, room: int) -> None:
    text = "x" * 20_001
    answer = as_viewer(cast.alice).post(f"/chat/{room}/messages", data={"text": text, "nonce": "n"})
    assert answer.status_code == 422
    assert text in answer.text
    assert "1 characters too long" in answer.text


def test_files_come_with_a_plain_form(cast: Cast, as_viewer: AsViewer, room: int, talk: Talk) -> None:
    upload = (BytesIO(b"a,b\n1,2"), "readings.csv")
    sent = as_viewer(cast.alice).post(
        f"/chat/{room}/messages", data={"text": "", "nonce": "n", "upload": upload}, content_type="multipart/form-data"
    )
    assert sent.status_code == 303
    assert [file.name for file in talk.heard(cast.bob, room)[0].files] == ["readings.csv"]


def test_a_thread_stands_beside_its_conversation(cast: Cast, as_viewer: AsViewer, room: int, talk: Talk) -> None:
    root = talk.say(cast.alice, room, "question")
    bob = as_viewer(cast.bob)
    bob.post(f"/chat/{room}/messages", data={"text": "only in the thread", "nonce": "n", "root": str(root)})
    assert "only in the thread" in bob.get(f"/chat/{room}?thread={root}").text
    plain = bob.get(f"/chat/{room}").text
    assert "only in the thread" not in plain
    assert "1 reply" in plain
    assert "question" in as_viewer(cast.alice).get("/chat/threads").text


def test_small_things_are_done_by_buttons(cast: Cast, as_viewer: AsViewer, room: int, talk: Talk) -> None:
    message = talk.say(cast.alice, room, "words")
    client = as_viewer(cast.alice)
    for what in ("save", "pin", "follow", "unfollow", "unpin", "unread", "delete", "restore"):
        assert client.post(f"/chat/messages/{message}/do", data={"do": what}).status_code == 303, what
    assert client.post(f"/chat/messages/{message}/do", data={"do": "explode"}).status_code == 404
    assert client.post(f"/chat/messages/{message}/reactions", data={"set": "thanks 1"}).status_code == 303
    assert client.post(f"/chat/messages/{message}/reactions", data={"set": "x"}).status_code == 422
    assert "words" in client.get("/chat/saved").text
    assert client.post(f"/chat/messages/{message}/edit", data={"text": ""}).status_code == 422
    assert client.post(f"/chat/messages/{message}/edit", data={"text": "other words"}).status_code == 303
    assert talk.texts(cast.bob, room) == ["other words"]


def test_rooms_are_found_opened_joined_muted_kept_and_left(cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    place = alice.post("/chat", data={"room": "ingest-v3", "topic": "moves", "people": "bob"}).location
    assert alice.post("/chat", data={"room": "ingest-v3"}).status_code == 422
    carol = as_viewer(cast.carol)
    assert "ingest-v3" in carol.get("/chat/rooms?q=ing").text
    assert "Join" in carol.get(place).text
    assert carol.post(f"{place}/membership", data={"do": "join"}).status_code == 303
    assert carol.post(f"{place}/membership", data={"do": "mute", "for": "day"}).status_code == 303
    assert "muted" in carol.get("/chat").text
    assert carol.get(f"{place}/settings").status_code == 404
    assert "Carol Example" in carol.get(f"{place}?panel=members").text
    assert carol.post(f"{place}/membership", data={"do": "leave"}).location == "/chat"
    alice = as_viewer(cast.alice)
    assert alice.post(f"{place}/settings", data={"room": "ingest-v4", "topic": ""}).status_code == 303
    assert alice.post(f"{place}/members", data={"people": "nobody"}).status_code == 422
    assert alice.post(f"{place}/members", data={"people": "carol"}).status_code == 303
    assert alice.post(f"{place}/members/carol", data={"do": "remove"}).status_code == 303
    assert alice.post(f"{place}/settings", data={"archive": "1"}).status_code == 303
    assert "archived" in alice.get(place).text


def test_a_long_history_opens_at_what_is_new_and_leads_both_ways(
    cast: Cast, as_viewer: AsViewer, room: int, talk: Talk
) -> None:
    ids = [talk.say(cast.alice, room, f"m{number}") for number in range(90)]
    talk.do(cast.bob, actions.mark_read, ids[29])
    page = as_viewer(cast.bob).get(f"/chat/{room}").text
    assert re.search(rf'id="new".*?id="message-{ids[30]}"', page, re.DOTALL)
    assert 'data-older="6"' in page
    assert 'data-newer="80"' in page
    client = as_viewer(cast.bob)
    later = client.get(f"/chat/{room}?after=80", headers={"X-Fragment": "1"}).text
    assert re.findall(r'data-position="(\d+)"', later) == [str(number) for number in range(81, 91)]
    assert f"message-{ids[0]}" in client.get(f"/chat/{room}?at={ids[0]}").text


def test_no_page_shows_an_outsider_a_word(cast: Cast, as_viewer: AsViewer, talk: Talk) -> None:
    secret = talk.room(cast.alice, "quiet heron", is_public=False, people=("bob",))
    message = talk.say(cast.alice, secret, "quiet heron @bob")
    talk.do(cast.bob, actions.bookmark, message, is_on=True)
    talk.do(cast.bob, actions.leave, secret)
    for viewer in (cast.carol, cast.dana, cast.bob):
        client = as_viewer(viewer)
        for page in ("/chat", "/chat/rooms?q=heron", "/chat/threads", "/chat/saved", "/chat/new", "/"):
            assert "quiet heron" not in client.get(page).text, page
        for page in (f"/chat/{secret}", f"/chat/{secret}?panel=members", f"/chat/messages/{message}"):
            assert client.get(page).status_code == 404
        for address, data in (
            (f"/chat/{secret}/messages", {"text": "x", "nonce": "n"}),
            (f"/chat/{secret}/read", {}),
            (f"/chat/{secret}/draft", {"text": "x"}),
            (f"/chat/{secret}/membership", {"do": "join"}),
            (f"/chat/{secret}/members", {"people": "carol"}),
            (f"/chat/{secret}/settings", {"room": "mine"}),
            (f"/chat/messages/{message}/do", {"do": "save"}),
            (f"/chat/messages/{message}/reactions", {"set": "agree 1"}),
            (f"/chat/messages/{message}/edit", {"text": "x"}),
        ):
            assert client.post(address, data=data).status_code == 404, address


def test_what_others_see_of_ones_reading_can_be_switched_off(cast: Cast, as_viewer: AsViewer, talk: Talk) -> None:
    two = talk.direct(cast.alice, "bob")
    message = talk.say(cast.alice, two)
    talk.do(cast.bob, actions.mark_read, message)
    assert f"{cast.bob.id}:1:Bob" in as_viewer(cast.alice).get(f"/chat/{two}").text
    assert as_viewer(cast.bob).post("/settings/chat", data={"shows_typing": "1"}).status_code == 303
    stored = talk.look(cast.bob, lambda s: s.get_one(ChatChoices, cast.bob.id))
    assert (stored.shows_reading, stored.shows_typing) == (False, True)
    assert f"{cast.bob.id}:1:Bob" not in as_viewer(cast.alice).get(f"/chat/{two}").text
    assert 'name="shows_typing" value="1" checked' in as_viewer(cast.bob).get("/settings/chat").text


def test_ones_own_words_and_those_of_public_rooms_become_a_post_and_nobody_elses_private_ones(
    cast: Cast, as_viewer: AsViewer, talk: Talk, room: int
) -> None:
    private = talk.say(cast.alice, talk.direct(cast.alice, "bob"), "only between us")
    public = talk.say(cast.alice, room, "open to all")
    assert "\nonly between us</textarea>" in as_viewer(cast.alice).get(f"/chat/messages/{private}/retell").text
    bob = as_viewer(cast.bob)
    assert bob.get(f"/chat/messages/{private}/retell").location == f"/chat/messages/{private}/ask?kind=post"
    assert "\n&gt; open to all" in bob.get(f"/chat/messages/{public}/retell").text


def test_the_palette_leads_to_rooms_people_and_what_waits(cast: Cast, as_viewer: AsViewer, talk: Talk) -> None:
    secret = talk.room(cast.alice, "zugvogel plans", is_public=False, people=("bob",))
    talk.say(cast.alice, secret, "news")
    bob = as_viewer(cast.bob)
    assert f'href="/chat/{secret}"' in bob.get("/palette?q=zug").text
    assert f'href="/chat/{secret}"' in bob.get("/palette").text
    assert 'href="/chat/with/alice"' in bob.get("/palette?q=ali").text
    carol = as_viewer(cast.carol)
    assert "plans" not in carol.get("/palette?q=zug").text
    assert "plans" not in carol.get("/palette").text
    assert carol.get("/chat/with/alice").location == "/chat/new?to=alice"
    two = talk.direct(cast.carol, "alice")
    assert carol.get("/chat/with/alice").location == f"/chat/{two}"
    assert 'href="/chat/with/alice"' in carol.get("/people/alice").text


def test_people_are_named_by_username_or_full_name_several_at_once(cast: Cast, as_viewer: AsViewer, talk: Talk) -> None:
    alice = as_viewer(cast.alice)
    for typed in ("bob, carol", "bob carol", "Bob Example; @carol", "@bob @carol", "Bob Example\nCarol Example"):
        chat = int(alice.post("/chat", data={"people": typed}).location.rsplit("/", 1)[1])
        with talk.database.reading(cast.alice) as session:
            card = queries.conversation_card(session, cast.alice, chat)
        assert {person.username for person in card.people} == {"alice", "bob", "carol"}
    answer = alice.post("/chat", data={"people": "bob, Nobody Known"})
    assert (answer.status_code, "Nobody Known" in answer.text) == (422, True)


def test_who_reads_a_public_room_without_being_in_it_may_do_what_leaves_no_mark_there(
    talk: Talk, cast: Cast, as_viewer: AsViewer
) -> None:
    room = talk.room(cast.alice)
    message = talk.say(cast.alice, room, "Weld slowly")
    inside, outside = (as_viewer(who).get(f"/chat/{room}").text for who in (cast.alice, cast.bob))
    there = f"/chat/messages/{message}"
    marks = ("reaction-menu", 'value="pin"', 'value="unread"', f'href="{there}/retell?kind=post"')
    assert [mark in outside for mark in marks] == [False] * 4
    assert [mark in inside for mark in marks] == [True] * 4
    for entry in ('data-said="Link copied"', "data-copy", f'href="{there}/report"', f'href="{there}/forward"'):
        assert entry in outside
    reader = as_viewer(cast.bob)
    assert reader.get(f"{there}/report").status_code == 200
    assert reader.get(f"{there}/forward").status_code == 200
    assert reader.get(f"{there}/remind").status_code == 200
    saved = reader.post(f"{there}/do", data={"do": "save"}, headers={"X-Fragment": "1"})
    assert 'value="unsave"' in saved.text
    assert 'value="pin"' not in saved.text
