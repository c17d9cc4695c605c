"""A message that somebody wants to come back to: told once, at that time, to them alone, while they may read it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.chat import actions as chat
from intranet.chat.models import Message
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Source
from intranet.notifications.reminders.actions import let_go, remind
from intranet.notifications.reminders.models import MessageReminder
from intranet.people.models import Profile
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk
from tests.fixtures import AsViewer
from tests.notifications.test_chats import sources, told
from tests.notifications.working import Work, plain

SECRET = "quiet heron"


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


@pytest.fixture
def said(cast: Cast, talk: Talk) -> int:
    here = talk.room(cast.alice, "herons", is_public=False, people=("bob",))
    return talk.say(cast.alice, here, SECRET)


def in_an_hour(work: Work, talk: Talk, viewer: Viewer, message_id: int) -> None:
    talk.do(viewer, remind, message_id, at=work.now + timedelta(hours=1))


def later(work: Work, **more: float) -> None:
    work.go_on(**more)
    work.do()


def waiting(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(MessageReminder)) or 0


def test_one_notice_comes_at_that_time_with_the_words_as_they_are_then(
    app: Flask, cast: Cast, talk: Talk, work: Work, said: int
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    talk.do(cast.alice, chat.edit_message, said, f"{SECRET}s")
    later(work, minutes=59)
    assert told(app, talk.database, cast.bob) == []
    later(work, minutes=1)
    later(work, days=1)
    (card,) = told(app, talk.database, cast.bob)
    assert (card.source, card.quote, card.url) == (Source.REMIND_ME, f"{SECRET}s", f"/chat/messages/{said}")
    assert "herons" in card.sentence
    assert [person for person, _source in sources(talk.database)] == [cast.bob.member_id]
    assert waiting(talk.database) == 0


def test_ones_own_words_can_be_come_back_to_and_more_than_once(
    database: Database, cast: Cast, talk: Talk, work: Work, said: int
) -> None:
    for _time in range(2):
        in_an_hour(work, talk, cast.alice, said)
        later(work, hours=1)
    assert sources(database) == [(cast.alice.member_id, Source.REMIND_ME)] * 2


def test_what_is_let_go_or_put_off_does_not_come_at_the_first_time(
    database: Database, cast: Cast, talk: Talk, work: Work, said: int
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    in_an_hour(work, talk, cast.alice, said)
    talk.do(cast.bob, let_go, said)
    talk.do(cast.alice, remind, said, at=work.now + timedelta(hours=2))
    later(work, hours=1)
    assert sources(database) == []
    later(work, hours=1)
    assert sources(database) == [(cast.alice.member_id, Source.REMIND_ME)]


def test_who_is_taken_out_meanwhile_hears_nothing(
    database: Database, cast: Cast, talk: Talk, work: Work, said: int
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    with database.reading(cast.alice) as session:
        here = session.get_one(Message, said).conversation_id
    talk.do(cast.alice, chat.remove_member, here, cast.bob.member_id)
    later(work, hours=1)
    assert sources(database) == []
    later(work, days=2)
    assert work.mails == []


def test_what_was_taken_away_meanwhile_is_not_told(
    database: Database, cast: Cast, talk: Talk, work: Work, said: int
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    talk.do(cast.alice, chat.delete_message, said)
    later(work, hours=1)
    assert sources(database) == []


def test_a_mail_says_that_there_is_something_and_not_what(
    database: Database, cast: Cast, talk: Talk, work: Work, said: int
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    later(work, hours=1)
    later(work, hours=3)
    (mail,) = work.mails
    assert SECRET not in plain(mail)
    assert "herons" not in plain(mail)


def test_outsiders_can_neither_choose_nor_learn_that_it_is_there(
    as_viewer: AsViewer, cast: Cast, talk: Talk, said: int, database: Database
) -> None:
    with pytest.raises(NotFound):
        talk.do(cast.carol, remind, said, at=clock.now() + timedelta(hours=1))
    client = as_viewer(cast.carol)
    assert client.get(f"/chat/messages/{said}/remind").status_code == 404
    for when in ("60", "never"):
        assert client.post(f"/chat/messages/{said}/remind", data={"when": when}).status_code == 404
    assert waiting(database) == 0


def test_the_page_takes_the_moments_that_it_offers_and_says_what_is_wrong_with_others(
    as_viewer: AsViewer, database: Database, cast: Cast, work: Work, said: int
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add(Profile(person_id=cast.bob.member_id, timezone="Asia/Tokyo"))
    client, address = as_viewer(cast.bob), f"/chat/messages/{said}/remind"

    def kept() -> timedelta:
        with database.reading(cast.bob) as session:
            return session.get_one(MessageReminder, (cast.bob.member_id, said)).at - work.now

    # It is noon in UTC and nine in the evening in Tokyo.
    for when, wait in (("20", 1 / 3), ("60", 1), ("tomorrow", 12)):
        assert client.post(address, data={"when": when}).status_code == 303
        assert kept() == timedelta(hours=wait)
    client.post(address, data={"when": "at", "at": "2026-11-23T22:30"})
    assert kept() == timedelta(hours=1.5)
    client.post(address, data={"when": "at", "at": "2026-11-23T22:30", "zone": "Europe/Berlin"})
    assert kept() == timedelta(hours=9.5)
    assert SECRET in client.get(address).text
    for at in ("", "soon", "2026-11-23T08:00", "2036-11-23T08:00"):
        answer = client.post(address, data={"when": "at", "at": at})
        assert answer.status_code == 422
        assert 'id="remind-at-error" role="alert" data-note>' in answer.text
        assert f'value="{at}"' in answer.text
    assert kept() == timedelta(hours=9.5)
    assert client.post(address, data={"when": "never"}).status_code == 303
    assert waiting(database) == 0


def test_there_is_an_end_to_how_many_can_wait(
    cast: Cast, talk: Talk, work: Work, said: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intranet.notifications.reminders.actions.MOST", 1)
    other = talk.say(cast.bob, talk.direct(cast.bob, "alice"))
    in_an_hour(work, talk, cast.bob, said)
    in_an_hour(work, talk, cast.bob, said)
    with pytest.raises(Invalid):
        in_an_hour(work, talk, cast.bob, other)


def test_what_waits_is_listed_for_oneself_alone_the_next_first(
    cast: Cast, talk: Talk, work: Work, said: int, as_viewer: AsViewer
) -> None:
    here = talk.room(cast.alice, "owls", is_public=False, people=("bob",))
    sooner = talk.say(cast.alice, here, "an owl at noon")
    in_an_hour(work, talk, cast.bob, said)
    talk.do(cast.bob, remind, sooner, at=work.now + timedelta(minutes=20))
    bob = as_viewer(cast.bob)
    page = bob.get("/notifications/reminders").text
    assert page.index("an owl at noon") < page.index(SECRET)
    assert "2 messages wait" in bob.get("/notifications").text
    gone = bob.post(f"/chat/messages/{sooner}/remind", data={"when": "never", "next": "/notifications/reminders"})
    assert (gone.status_code, gone.location) == (303, "/notifications/reminders")
    assert "an owl" not in bob.get("/notifications/reminders").text

    alice = as_viewer(cast.alice)
    assert "Nothing waits" in alice.get("/notifications/reminders").text
    assert "/notifications/reminders" not in alice.get("/notifications").text


def test_a_list_of_what_waits_tells_nothing_of_a_room_that_was_left(
    cast: Cast, talk: Talk, work: Work, said: int, as_viewer: AsViewer
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    with talk.database.reading(SYSTEM) as session:
        here = session.get_one(Message, said).conversation_id
    talk.do(cast.bob, chat.leave, here)
    bob = as_viewer(cast.bob)
    page = bob.get("/notifications/reminders").text
    assert SECRET not in page
    assert "Nothing waits" in page
    assert "/notifications/reminders" not in bob.get("/notifications").text


def test_a_message_that_was_deleted_is_not_listed_and_not_counted(
    cast: Cast, talk: Talk, work: Work, said: int, as_viewer: AsViewer
) -> None:
    in_an_hour(work, talk, cast.bob, said)
    talk.do(cast.alice, chat.delete_message, said)
    bob = as_viewer(cast.bob)
    assert "Nothing waits" in bob.get("/notifications/reminders").text
    assert "/notifications/reminders" not in bob.get("/notifications").text
