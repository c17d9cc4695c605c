"""Saying something once, in order; changing it; marking it; and what is unread."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from intranet.chat import actions, queries
from intranet.chat.actions.changing import UNDO, erase
from intranet.chat.models import ChatDraft, Message
from intranet.files.actions import put_on_shelf, receive
from intranet.files.models import StoredFile
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused, TooFast
from intranet.kernel.reactions import ReactionKind
from intranet.people.presence import mark_seen
from tests.cast import SYSTEM, Cast, add_person
from tests.chat.conftest import Talk
from tests.fixtures import Queries


@pytest.fixture
def room(talk: Talk, cast: Cast) -> int:
    return talk.room(cast.alice, people=("bob", "carol"))


def test_messages_stand_in_one_order_without_gaps(talk: Talk, cast: Cast, room: int) -> None:
    for number in range(5):
        talk.say((cast.alice, cast.bob)[number % 2], room, f"m{number}")
    for viewer in (cast.alice, cast.bob, cast.carol):
        assert [(card.position, card.text) for card in talk.heard(viewer, room)] == [
            (place + 1, f"m{place}") for place in range(5)
        ]


def test_a_retry_says_it_once(talk: Talk, cast: Cast, room: int) -> None:
    first = talk.say(cast.alice, room, "once", nonce="n1")
    assert talk.say(cast.alice, room, "once", nonce="n1") == first
    talk.say(cast.bob, room, "another's nonce is another's", nonce="n1")
    with pytest.raises(Invalid, match="another conversation"):
        talk.say(cast.alice, talk.direct(cast.alice, "bob"), "once", nonce="n1")
    assert len(talk.heard(cast.carol, room)) == 2


def test_the_same_send_from_many_threads_at_once_is_one_message(talk: Talk, cast: Cast, room: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: talk.say(cast.alice, room, "x", nonce=f"n{number % 2}"), range(16)))
    assert len(set(ids)) == 2
    assert [card.position for card in talk.heard(cast.bob, room)] == [1, 2]


@pytest.mark.parametrize("nonce", ["", "x" * 101])
def test_a_nonce_is_needed(talk: Talk, cast: Cast, room: int, nonce: str) -> None:
    with pytest.raises(Invalid) as refused:
        talk.say(cast.alice, room, nonce=nonce)
    assert "nonce" in refused.value.fields


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
def test_nothing_and_too_much_cannot_be_said(talk: Talk, cast: Cast, room: int, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        talk.say(cast.alice, room, text)
    assert "text" in refused.value.fields


def test_what_is_typed_is_text_and_never_a_script(talk: Talk, cast: Cast, room: int) -> None:
    talk.say(cast.alice, room, "<script>alert(1)</script>\n\n[x](javascript:alert(1)) **b** 你好 مرحبا")
    card = talk.heard(cast.bob, room)[0]
    assert "<script" not in card.html
    assert 'href="javascript:' not in card.html
    assert "<strong>b</strong> 你好 مرحبا" in card.html


def test_unread_is_what_others_said_after_the_pointer(talk: Talk, cast: Cast, room: int) -> None:
    first = talk.say(cast.alice, room, "one")
    talk.say(cast.bob, room, "two @carol")
    gone = talk.say(cast.alice, room, "three")
    assert talk.unread(cast.carol, room) == (3, 1)
    assert talk.unread(cast.alice, room) == (1, 0)  # her own are not news to her
    talk.do(cast.alice, actions.delete_message, gone)
    assert talk.unread(cast.carol, room) == (2, 1)
    talk.do(cast.carol, actions.mark_read, first)
    assert talk.unread(cast.carol, room) == (1, 1)
    talk.do(cast.carol, actions.mark_read, gone)
    talk.do(cast.carol, actions.mark_read, first)  # an older device does not bring it back
    assert talk.unread(cast.carol, room) == (0, 0)
    talk.do(cast.carol, actions.mark_unread, first)
    assert talk.unread(cast.carol, room) == (2, 1)
    assert talk.look(cast.carol, lambda s: queries.first_unread(s, cast.carol, room)) == first


def test_a_late_retry_does_not_mark_as_read_what_came_meanwhile(talk: Talk, cast: Cast, room: int) -> None:
    talk.say(cast.bob, room, "unseen by alice")
    talk.say(cast.alice, room, "typed before it came")
    assert talk.unread(cast.alice, room) == (1, 0)


def test_muted_conversations_have_no_badge(talk: Talk, cast: Cast, room: int) -> None:
    talk.say(cast.alice, room)
    assert talk.look(cast.bob, lambda s: queries.unread_conversations(s, cast.bob)) == [room]
    talk.do(cast.bob, actions.mute, room, clock.now() + UNDO)
    assert talk.look(cast.bob, lambda s: queries.unread_conversations(s, cast.bob)) == []
    assert talk.unread(cast.bob, room) == (1, 0)


def test_only_members_are_mentioned_and_code_mentions_nobody(talk: Talk, cast: Cast, room: int) -> None:
    two = talk.direct(cast.alice, "bob")
    talk.say(cast.alice, two, "ask @carol, or @bob `@bob`")
    card = talk.heard(cast.bob, two)[0]
    assert card.mentions == (cast.bob.id,)
    assert card.names_me


def test_calling_the_room_calls_everybody_and_here_those_who_are_around(talk: Talk, cast: Cast, room: int) -> None:
    talk.do(cast.bob, lambda s, v: mark_seen(s, v.member_id))
    talk.say(cast.alice, room, "@here coffee?")
    assert (talk.unread(cast.bob, room)[1], talk.unread(cast.carol, room)[1]) == (1, 0)
    talk.say(cast.alice, room, "@room fire drill")
    assert (talk.unread(cast.bob, room)[1], talk.unread(cast.carol, room)[1]) == (2, 1)
    html = talk.heard(cast.bob, room)[1].html
    assert 'data-call="room"' in html
    assert "/people/room" not in html


def test_calling_more_than_twenty_asks_first(talk: Talk, cast: Cast, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        names = [add_person(session, f"extra{number}").username for number in range(21)]
    crowd = talk.room(cast.alice, "crowd", people=names)
    with pytest.raises(Invalid) as asked:
        talk.say(cast.alice, crowd, "@room hello", nonce="n")
    assert asked.value.fields == {"confirm": "This calls 21 people."}
    talk.say(cast.alice, crowd, "@room hello", nonce="n", is_confirmed=True)


def test_an_edit_is_marked_and_names_anew(talk: Talk, cast: Cast, room: int) -> None:
    message = talk.say(cast.alice, room, "for @bob")
    talk.do(cast.alice, actions.edit_message, message, "for @carol")
    card = talk.heard(cast.carol, room)[0]
    assert (card.text, card.edited_at is not None, card.names_me) == ("for @carol", True, True)
    assert talk.unread(cast.bob, room) == (1, 0)
    with pytest.raises(Refused):
        talk.do(cast.bob, actions.edit_message, message, "mine now")


def test_a_deleted_message_keeps_its_place_and_can_come_back_for_an_hour(talk: Talk, cast: Cast, room: int) -> None:
    message = talk.say(cast.alice, room, "oops @bob")
    with pytest.raises(Refused):
        talk.do(cast.bob, actions.delete_message, message)
    talk.do(cast.alice, actions.delete_message, message)
    card = talk.heard(cast.bob, room)[0]
    assert (card.is_deleted, card.text, card.html, card.position) == (True, "", "", 1)
    talk.do(cast.alice, actions.restore_message, message)
    assert talk.texts(cast.bob, room) == ["oops @bob"]
    assert talk.unread(cast.bob, room) == (1, 1)
    talk.do(cast.alice, actions.delete_message, message)
    with clock.fixed(clock.now() + UNDO * 2):
        talk.do(SYSTEM, lambda s, _v: erase(s, {"message_id": message}))
    assert talk.look(SYSTEM, lambda s: s.get_one(Message, message).text) == ""
    with pytest.raises(NotFound):
        talk.do(cast.alice, actions.restore_message, message)


def test_the_owner_of_a_room_deletes_and_its_author_cannot_bring_that_back(talk: Talk, cast: Cast, room: int) -> None:
    message = talk.say(cast.bob, room, "rude")
    talk.do(cast.alice, actions.delete_message, message)
    with pytest.raises(Refused):
        talk.do(cast.bob, actions.restore_message, message)


def test_who_left_changes_nothing_any_more(talk: Talk, cast: Cast, room: int) -> None:
    message = talk.say(cast.bob, room, "mine")
    talk.do(cast.bob, actions.leave, room)
    assert talk.texts(cast.bob, room) == ["mine"]  # a public room stays readable
    for action, args in (
        (actions.edit_message, ("other",)),
        (actions.delete_message, ()),
        (actions.follow_thread, ()),
    ):
        named = {"is_on": True} if action is actions.follow_thread else {}
        with pytest.raises(Refused):
            talk.do(cast.bob, action, message, *args, **named)
    with pytest.raises(NotFound):
        talk.do(cast.bob, actions.mark_read, message)


def test_reactions_pins_and_bookmarks_say_what_shall_be(talk: Talk, cast: Cast, room: int) -> None:
    message = talk.say(cast.alice, room)
    for _ in range(2):
        talk.do(cast.bob, actions.react, message, ReactionKind.THANKS, is_on=True)
        talk.do(cast.carol, actions.react, message, ReactionKind.THANKS, is_on=True)
        talk.do(cast.bob, actions.pin, message, is_on=True)
        talk.do(cast.bob, actions.bookmark, message, is_on=True)
    card = talk.heard(cast.bob, room)[0]
    assert [(one.kind, one.count, one.is_mine) for one in card.reactions] == [(ReactionKind.THANKS, 2, True)]
    assert (card.is_pinned, card.is_bookmarked) == (True, True)
    assert [one.id for one in talk.look(cast.alice, lambda s: queries.pinned(s, cast.alice, room))] == [message]
    saved = talk.look(cast.bob, lambda s: queries.bookmarked_page(s, cast.bob))
    assert [one.id for one in saved.items] == [message]
    talk.do(cast.bob, actions.react, message, ReactionKind.THANKS, is_on=False)
    assert talk.heard(cast.bob, room)[0].reactions[0].count == 1
    assert not talk.heard(cast.carol, room)[0].is_bookmarked


def test_replies_stand_in_the_thread_and_count_there(talk: Talk, cast: Cast, room: int) -> None:
    root = talk.say(cast.alice, room, "question")
    reply = talk.say(cast.bob, room, "answer", root_id=root)
    talk.say(cast.bob, room, "beside it", root_id=reply)
    talk.say(cast.bob, room, "shown too", root_id=root, is_shown=True)
    shown = talk.look(cast.carol, lambda s: queries.stretch(s, cast.carol, room).items)
    assert [card.text for card in shown] == ["question", "shown too"]
    assert shown[0].replies is not None
    assert (shown[0].replies.count, [one.username for one in shown[0].replies.people]) == (3, ["bob"])
    thread = talk.look(cast.carol, lambda s: queries.thread_cards(s, cast.carol, root))
    assert [card.text for card in thread] == ["answer", "beside it", "shown too"]
    assert talk.unread(cast.carol, room) == (2, 0)
    assert talk.look(cast.alice, lambda s: queries.followed_threads(s, cast.alice)) == [(root, 3)]
    assert talk.look(cast.carol, lambda s: queries.thread_unread_count(s, cast.carol)) == 0  # she follows it not
    talk.do(cast.alice, actions.mark_thread_read, thread[-1].id)
    assert talk.look(cast.alice, lambda s: queries.thread_unread_count(s, cast.alice)) == 0
    talk.do(cast.alice, actions.follow_thread, root, is_on=False)
    talk.say(cast.bob, room, "unheard", root_id=root)
    assert talk.look(cast.alice, lambda s: queries.followed_threads(s, cast.alice)) == []


def test_a_thread_of_another_conversation_takes_no_reply(talk: Talk, cast: Cast, room: int) -> None:
    root = talk.say(cast.alice, talk.direct(cast.alice, "bob"), "elsewhere")
    with pytest.raises(NotFound):
        talk.say(cast.alice, room, "reply", root_id=root)


def test_files_of_a_message_open_to_its_conversation_alone(talk: Talk, cast: Cast, tmp_path: Path) -> None:
    two = talk.direct(cast.alice, "bob")
    received = receive(tmp_path, "plan.txt", b"secret plan")
    file = talk.do(cast.alice, put_on_shelf, received).id
    message = talk.say(cast.alice, two, "", files=[file])
    assert [one.name for one in talk.heard(cast.bob, two)[0].files] == ["plan.txt"]
    assert talk.look(cast.carol, lambda s: s.get(StoredFile, file)) is None
    talk.do(cast.alice, actions.delete_message, message)
    assert talk.look(cast.bob, lambda s: s.get(StoredFile, file)) is None


def test_history_is_read_both_ways_and_around_a_place(talk: Talk, cast: Cast, room: int) -> None:
    for number in range(1, 31):
        talk.say(cast.alice, room, str(number))

    def positions(**named: Any) -> tuple[list[int], int | None, int | None]:
        found = talk.look(cast.bob, lambda s: queries.stretch(s, cast.bob, room, limit=10, **named))
        return [card.position for card in found.items], found.older, found.newer

    assert positions() == (list(range(21, 31)), 21, None)
    assert positions(before=21) == (list(range(11, 21)), 11, 20)
    assert positions(after=25) == (list(range(26, 31)), 26, None)
    assert positions(around=15) == ([*range(10, 15), *range(15, 25)], 10, 24)


def test_drafts_wait_for_each_conversation_and_go_when_it_is_said(talk: Talk, cast: Cast, room: int) -> None:
    talk.do(cast.alice, actions.save_draft, room, "half a thou")
    assert talk.look(cast.alice, lambda s: s.get_one(ChatDraft, (cast.alice.id, room, 0)).text) == "half a thou"
    talk.say(cast.alice, room, "half a thought")
    assert talk.look(cast.alice, lambda s: s.get(ChatDraft, (cast.alice.id, room, 0))) is None
    with pytest.raises(NotFound):
        talk.do(cast.dana, actions.save_draft, talk.direct(cast.alice, "bob"), "x")


def test_a_script_gone_wild_is_stopped(talk: Talk, cast: Cast, room: int) -> None:
    for _ in range(100):
        talk.say(cast.alice, room)
    with pytest.raises(TooFast):
        talk.say(cast.alice, room)


@pytest.fixture
def budget(queries: Queries) -> Queries:
    """The fixture that counts statements, under a name that is free here."""
    return queries


def test_a_stretch_costs_the_same_however_many_messages(talk: Talk, cast: Cast, room: int, budget: Queries) -> None:
    for number in range(40):
        talk.say((cast.alice, cast.bob, cast.carol)[number % 3], room, f"@bob {number}")
    with budget(14):
        talk.look(cast.bob, lambda s: queries.stretch(s, cast.bob, room))
