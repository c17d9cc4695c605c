"""What somebody did not see in chat waits in the ledger, once, until they read it there; who left hears no more."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from intranet.accounts.models import Person
from intranet.chat import actions as chat
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.outbox import Cursor
from intranet.kernel.viewer import Viewer
from intranet.notifications import queries
from intranet.notifications.models import Level, Notice, Source, Wish
from intranet.notifications.wording import NoticeCard, cards
from intranet.people.apart.actions import block
from intranet.people.models import Profile
from tests.cast import SYSTEM, Cast
from tests.chat.conftest import Talk
from tests.notifications.working import Work, plain


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


def told(app: Flask, database: Database, viewer: Viewer) -> list[NoticeCard]:
    with app.test_request_context(), database.reading(viewer) as session:
        found = queries.bundles(session, viewer, Notice.read_at.is_(None)).items
        return cards(session, found)


def sources(database: Database) -> list[tuple[int, Source]]:
    with database.reading(SYSTEM) as session:
        return [(row.person_id, row.source) for row in session.scalars(select(Notice).order_by(Notice.id))]


def after_a_while(work: Work) -> None:
    work.do()
    work.go_on(seconds=61)
    work.do()


def test_what_was_not_seen_is_one_notice_for_the_conversation(
    app: Flask, database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    here = talk.room(cast.alice, "pumps", people=("bob",))
    for text in ("see @bob", "and @bob again"):
        talk.say(cast.alice, here, text)
    work.do()
    assert told(app, database, cast.bob) == []
    after_a_while(work)
    (card,) = told(app, database, cast.bob)
    assert "Alice Example" in card.sentence
    assert "mentioned you in" in card.sentence
    assert "pumps" in card.sentence
    assert card.quote == "and @Bob Example again"
    with database.reading(cast.bob) as session:
        assert queries.unread_count(session, cast.bob) == 1
    assert {person for person, _source in sources(database)} == {cast.bob.member_id}


def test_a_message_to_one_or_a_few_reaches_them_all(
    app: Flask, database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    talk.say(cast.alice, talk.direct(cast.alice, "bob", "carol"), "lunch, @carol?")
    after_a_while(work)
    assert sorted(sources(database)) == sorted(
        [(cast.bob.member_id, Source.CHAT_DIRECT), (cast.carol.member_id, Source.CHAT_MENTION)]
    )
    (card,) = told(app, database, cast.bob)
    assert "wrote to you" in card.sentence
    assert card.quote == "lunch, @Carol Example?"


def test_what_is_said_to_a_room_reaches_nobody_by_name(database: Database, cast: Cast, talk: Talk, work: Work) -> None:
    talk.say(cast.alice, talk.room(cast.alice, people=("bob",)), "good morning")
    after_a_while(work)
    assert sources(database) == []


def test_what_was_read_in_time_never_gets_there(database: Database, cast: Cast, talk: Talk, work: Work) -> None:
    message = talk.say(cast.alice, talk.direct(cast.alice, "bob"))
    work.do()
    talk.do(cast.bob, chat.mark_read, message)
    after_a_while(work)
    assert sources(database) == []


def test_reading_settles_the_notice_and_no_mail_tells_of_it(
    app: Flask, database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    here = talk.direct(cast.alice, "bob")
    first, second = talk.say(cast.alice, here, "one"), talk.say(cast.alice, here, "two")
    after_a_while(work)
    talk.do(cast.bob, chat.mark_read, first)
    (card,) = told(app, database, cast.bob)
    assert card.quote == "two"
    talk.do(cast.bob, chat.mark_read, second)
    assert told(app, database, cast.bob) == []
    work.go_on(days=2)
    work.do()
    assert work.mails == []


def test_a_reply_in_a_thread_is_settled_by_reading_the_thread(
    app: Flask, database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    here = talk.room(cast.alice, people=("bob",))
    root = talk.say(cast.bob, here, "why?")
    reply = talk.say(cast.alice, here, "because, @bob", root_id=root)
    after_a_while(work)
    assert len(told(app, database, cast.bob)) == 1
    later = talk.say(cast.alice, here, "by the way")
    talk.do(cast.bob, chat.mark_read, later)
    assert len(told(app, database, cast.bob)) == 1, "the conversation was read, and not the thread"
    talk.do(cast.bob, chat.mark_thread_read, reply)
    assert told(app, database, cast.bob) == []


def test_mail_comes_after_its_patience_and_quotes_nothing(
    database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    here = talk.direct(cast.alice, "bob")
    talk.say(cast.alice, here, "the quiet heron")
    after_a_while(work)
    work.go_on(minutes=11)
    work.do()
    (mail,) = work.mails
    assert mail["To"] == "Bob Example <bob@example.org>"
    assert "Somebody wrote to you in a conversation of yours" in plain(mail)
    assert mail["Subject"] == "Somebody wrote to you in a conversation of yours"
    assert "heron" not in str(mail)
    talk.say(cast.alice, here, "and the loud one")
    after_a_while(work)
    work.go_on(minutes=11)
    work.do()
    assert [one["References"] for one in work.mails] == [mail["References"]] * 2, "one conversation in the mailbox"
    assert f"<conversation-{here}@" in mail["References"]


@pytest.mark.parametrize("way", ["muted", "blocked", "never", "gone", "left", "deleted"])
def test_nobody_is_told_who_does_not_hear_it(database: Database, cast: Cast, talk: Talk, work: Work, way: str) -> None:
    here = talk.room(cast.alice, people=("bob", "carol"), is_public=False)
    message = talk.say(cast.alice, here, "look, @bob")
    work.do()
    with database.unit_of_work(SYSTEM) as session:
        if way == "never":
            session.add(Wish(person_id=cast.bob.member_id, source=Source.CHAT_MENTION, level=Level.NEVER))
        if way == "gone":
            session.get_one(Person, cast.bob.member_id).deactivated_at = clock.now()
    if way == "muted":
        talk.do(cast.bob, chat.mute, here, clock.now() + timedelta(hours=1))
    elif way == "blocked":
        talk.do(cast.bob, block, cast.alice.member_id, is_on=True)
    elif way == "left":
        talk.do(cast.alice, chat.remove_member, here, cast.bob.member_id)
    elif way == "deleted":
        talk.do(cast.alice, chat.delete_message, message)
    after_a_while(work)
    assert sources(database) == []


def test_who_left_finds_no_notice_and_gets_no_mail(
    app: Flask, database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    here = talk.room(cast.alice, "heron", people=("bob",), is_public=False)
    talk.say(cast.alice, here, "the quiet heron, @bob")
    after_a_while(work)
    assert len(told(app, database, cast.bob)) == 1
    talk.do(cast.alice, chat.remove_member, here, cast.bob.member_id)
    assert told(app, database, cast.bob) == []
    work.go_on(days=2)
    work.do()
    assert work.mails == []


def test_a_message_that_is_taken_away_takes_its_notice_along_until_it_is_back(
    app: Flask, database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    message = talk.say(cast.alice, talk.direct(cast.alice, "bob"), "oops")
    after_a_while(work)
    talk.do(cast.alice, chat.delete_message, message)
    work.do()
    assert told(app, database, cast.bob) == []
    talk.do(cast.alice, chat.restore_message, message)
    work.do()
    assert len(told(app, database, cast.bob)) == 1


def test_who_is_not_to_be_disturbed_is_mailed_when_that_ends(
    database: Database, cast: Cast, talk: Talk, work: Work
) -> None:
    with database.unit_of_work(SYSTEM) as session:
        session.add(Profile(person_id=cast.bob.member_id, focusing_until=clock.now() + timedelta(hours=3)))
    talk.say(cast.alice, talk.direct(cast.alice, "bob"))
    after_a_while(work)
    work.go_on(hours=1)
    work.do()
    assert work.mails == []
    work.go_on(hours=2)
    work.do()
    assert len(work.mails) == 1


def test_an_event_that_comes_twice_tells_once(database: Database, cast: Cast, talk: Talk, work: Work) -> None:
    talk.say(cast.alice, talk.direct(cast.alice, "bob"))
    after_a_while(work)
    with database.unit_of_work(SYSTEM) as session:
        session.execute(delete(Cursor).where(Cursor.subscriber == "notifications"))
    after_a_while(work)
    assert sources(database) == [(cast.bob.member_id, Source.CHAT_DIRECT)]
