"""Asking is interest, answering is expertise: what solved a question speaks for who wrote it, at once and no longer."""

from flask import Flask

from intranet.expertise.finding import Asked, find_experts
from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer
from intranet.posts.actions import PostDraft, delete_item, publish_post, restore_item
from intranet.questions.actions import withdraw_acceptance
from intranet.search.index import Index
from search_index.expertise import Signal
from tests.cast import Cast
from tests.questions.asking import accept, answer, ask

TITLE = "Why does consumer lag jump after a gateway reconnects?"


def ranked(viewer: Viewer, words: str = "consumer lag") -> list[int]:
    return [one.person_id for one in find_experts(viewer, Asked(words)).experts.items]


def scores(viewer: Viewer, words: str = "consumer lag") -> dict[int, float]:
    return {one.person_id: one.score for one in find_experts(viewer, Asked(words)).experts.items}


def told(database: Database, viewer: Viewer, text: str, *, to: int = EVERYONE) -> None:
    with database.unit_of_work(viewer) as session:
        publish_post(session, viewer, PostDraft(text=text, audience_id=to))


def test_an_accepted_answer_raises_who_wrote_it_above_others_at_once_and_taking_it_back_undoes_that(
    app: Flask, database: Database, cast: Cast, index: Index
) -> None:
    told(database, cast.dana, "We looked at consumer lag with the vendor, and at much else in that week")
    question = ask(database, cast.alice, TITLE, "It is always the same site. #kafka")
    said = answer(database, cast.bob, question, "Shrink the batch to 200 records, then raise the poll interval.")
    assert ranked(cast.carol) == [cast.dana.member_id]
    accept(database, cast.alice, said)
    assert ranked(cast.carol) == [cast.bob.member_id, cast.dana.member_id]
    assert ranked(cast.carol, "kafka") == [cast.bob.member_id]
    (bob, _dana) = find_experts(cast.carol, Asked("consumer lag")).experts.items
    assert bob.counts[Signal.ANSWERED] == 1
    with database.unit_of_work(cast.alice) as session:
        withdraw_acceptance(session, cast.alice, said)
    assert ranked(cast.carol) == [cast.dana.member_id]


def test_deleting_the_answer_or_the_question_takes_the_rank_away_and_bringing_it_back_gives_it_again(
    app: Flask, database: Database, cast: Cast, index: Index
) -> None:
    question = ask(database, cast.alice, TITLE)
    said = answer(database, cast.bob, question, "Shrink the batch")
    accept(database, cast.alice, said)
    for viewer, item in ((cast.bob, said), (cast.alice, question)):
        assert ranked(cast.carol) == [cast.bob.member_id]
        with database.unit_of_work(viewer) as session:
            delete_item(session, viewer, item)
        assert ranked(cast.carol) == []
        with database.unit_of_work(viewer) as session:
            restore_item(session, viewer, item)
    assert ranked(cast.carol) == [cast.bob.member_id]


def test_who_asks_is_interested_and_no_expert_however_long_the_question_is(
    app: Flask, database: Database, cast: Cast, index: Index
) -> None:
    long = " ".join(f"I looked at the consumer lag on day {day} and it was high again." for day in range(30))
    question = ask(database, cast.alice, TITLE, long)
    found = find_experts(cast.carol, Asked("consumer lag")).experts
    assert (found.items, found.interested) == ((), (cast.alice.member_id,))
    said = answer(database, cast.alice, question, "Never mind, it works")
    accept(database, cast.alice, said)
    assert ranked(cast.carol) == []  # nobody proves to know something by being content with their own answer


def test_an_answer_in_a_group_that_is_not_hers_changes_nothing_for_carol(
    app: Flask, database: Database, cast: Cast, index: Index
) -> None:
    told(database, cast.dana, "Consumer lag is what I look after")
    before = scores(cast.carol)
    question = ask(database, cast.alice, TITLE, "#kafka", to=cast.group)
    said = answer(database, cast.bob, question, "Shrink the batch")
    accept(database, cast.alice, said)
    assert scores(cast.carol) == before
    assert ranked(cast.carol, "kafka") == []
    assert cast.bob.member_id in scores(cast.alice)
