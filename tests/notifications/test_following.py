"""Whoever follows a question hears of its answers and of what solved it, once, and only who may read it."""

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.kernel.audience import EVERYONE, leave
from intranet.kernel.db import Database
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Level, Notice, Source
from intranet.notifications.queries import bundles
from intranet.notifications.wording import cards
from intranet.people.apart.actions import block, mute
from intranet.posts.actions import add_comment, delete_item
from intranet.posts.actions.marking import mute_thread
from intranet.questions.actions import follow_question, withdraw_acceptance
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.notifications.test_ledger import drain
from tests.questions.asking import accept, answer, ask


def asked(database: Database, cast: Cast, *followers: Viewer, to: int = EVERYONE) -> int:
    question = ask(database, cast.alice, "Why does the seal leak?", to=to)
    for viewer in followers:
        follow(database, viewer, question)
    return question


def follow(database: Database, viewer: Viewer, question: int, *, is_on: bool = True) -> None:
    with database.unit_of_work(viewer) as session:
        follow_question(session, viewer, question, is_on=is_on)


def news(database: Database, viewer: Viewer) -> list[tuple[Source, str]]:
    drain(database)
    with database.reading(viewer) as session:
        mine = (Notice.person_id == viewer.member_id, Notice.withdrawn_at.is_(None))
        rows = session.scalars(select(Notice).where(*mine).order_by(Notice.id)).all()
    assert all(row.level is Level.TODAY for row in rows if row.source is Source.QUESTION_NEWS)
    return [(row.source, row.thread.rpartition(":")[2]) for row in rows]


ANSWERED, SOLVED = (Source.QUESTION_NEWS, "answered"), (Source.QUESTION_NEWS, "solved")


def test_followers_hear_of_each_answer_and_of_what_solved_it(database: Database, cast: Cast) -> None:
    question = asked(database, cast, cast.carol)
    said = answer(database, cast.bob, question, "The gasket is worn")
    with database.unit_of_work(cast.alice) as session:
        add_comment(session, cast.alice, reply_to=said, text="Which one?")
    assert news(database, cast.carol) == [ANSWERED]
    accept(database, cast.alice, said)
    assert news(database, cast.carol) == [ANSWERED, SOLVED]
    with database.unit_of_work(cast.alice) as session:
        withdraw_acceptance(session, cast.alice, said)
    assert news(database, cast.carol) == [ANSWERED]


def test_who_asked_answered_or_took_part_hears_of_it_as_that_and_once(database: Database, cast: Cast) -> None:
    question = asked(database, cast, cast.alice, cast.bob, cast.carol)
    said = answer(database, cast.bob, question, "The gasket is worn, @carol")
    accept(database, cast.alice, said)
    assert [source for source, _ in news(database, cast.alice)] == [Source.REPLY]
    assert [source for source, _ in news(database, cast.bob)] == [Source.ACCEPTED]
    assert [source for source, _ in news(database, cast.carol)] == [Source.MENTION, Source.QUESTION_NEWS]


def test_nobody_hears_who_no_longer_follows_muted_it_or_keeps_apart_from_who_answers(
    database: Database, cast: Cast
) -> None:
    question = asked(database, cast, cast.carol, cast.dana)
    follow(database, cast.carol, question, is_on=False)
    with database.unit_of_work(cast.dana) as session:
        mute(session, cast.dana, cast.bob.member_id, is_on=True)
    answer(database, cast.bob, question, "The gasket is worn")
    assert news(database, cast.carol) == news(database, cast.dana) == []
    follow(database, cast.carol, question)
    with database.unit_of_work(cast.carol) as session:
        mute_thread(session, cast.carol, question, is_on=True)
    with database.unit_of_work(cast.dana) as session:
        mute(session, cast.dana, cast.bob.member_id, is_on=False)
        block(session, cast.dana, cast.bob.member_id, is_on=True)
    answer(database, cast.bob, question, "Or the shaft is")
    assert news(database, cast.carol) == news(database, cast.dana) == []


def test_an_answer_that_is_gone_is_not_spoken_of(database: Database, cast: Cast) -> None:
    question = asked(database, cast, cast.carol)
    said = answer(database, cast.bob, question, "The gasket is worn")
    with database.unit_of_work(cast.bob) as session:
        delete_item(session, cast.bob, said)
    assert news(database, cast.carol) == []


def test_an_outsider_cannot_follow_and_who_is_taken_out_hears_nothing_more(
    app: Flask, as_viewer: AsViewer, database: Database, cast: Cast
) -> None:
    question = asked(database, cast, cast.bob, to=cast.group)
    with pytest.raises(NotFound):
        follow(database, cast.carol, question)
    with database.unit_of_work(SYSTEM) as session:
        leave(session, cast.group, [cast.bob.member_id])
    answer(database, cast.alice, question, "The gasket is worn")
    assert news(database, cast.bob) == news(database, cast.carol) == []
    assert "seal leak" not in as_viewer(cast.bob).get("/notifications?show=everything").text


def test_the_page_says_what_became_of_the_question_by_its_title(app: Flask, database: Database, cast: Cast) -> None:
    question = asked(database, cast, cast.carol)
    said = answer(database, cast.bob, question, "The gasket is worn")
    accept(database, cast.alice, said)
    drain(database)
    with app.test_request_context(), database.reading(cast.carol) as session:
        shown = cards(session, bundles(session, cast.carol).items)
    assert sorted(card.sentence.striptags() for card in shown) == [
        "Bob Example answered Why does the seal leak?, which you follow",
        "Why does the seal leak?, which you follow, is solved",
    ]
    assert {card.url for card in shown} == {f"/posts/{question}#item-{said}"}
    assert {card.quote for card in shown} == {"The gasket is worn"}
