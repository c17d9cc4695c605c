"""A question has one line, answers in an order that helps, and at most one of them solved it."""

from dataclasses import replace

import pytest

from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Role, Viewer
from intranet.posts.actions import PostDraft, delete_item, edit_item, publish_post, react, restore_item
from intranet.posts.models import Comment, Post, PostKind
from intranet.posts.queries import versions
from intranet.questions import queries
from intranet.questions.actions import accept_answer, follow_question, withdraw_acceptance
from intranet.questions.events import AcceptanceWithdrawn, AnswerAccepted
from tests.cast import Cast
from tests.fixtures import AsViewer, Happens, Queries
from tests.questions.asking import accept, answer, ask, card


def order(database: Database, viewer: Viewer, question: int) -> list[int]:
    with database.reading(viewer) as session:
        return [one.card.id for one in queries.answers(session, viewer, question).items]


def helped(database: Database, viewer: Viewer, item: int) -> None:
    with database.unit_of_work(viewer) as session:
        react(session, viewer, item, ReactionKind.AGREE, is_on=True)


def test_a_question_needs_its_one_line_and_nothing_else(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "  Why does the\nlag jump? ")
    assert card(database, cast.bob, question).title == "Why does the lag jump?"
    with database.unit_of_work(cast.alice) as session:
        for title in ("", "   ", "x" * 201):
            with pytest.raises(Invalid) as refused:
                publish_post(session, cast.alice, PostDraft(text="Body", title=title, kind=PostKind.QUESTION))
            assert set(refused.value.fields) == {"title"}
        update = publish_post(session, cast.alice, PostDraft(text="No question", title="ignored"))
        assert update.title == ""


def test_what_solved_it_comes_first_then_what_helped_then_what_came_first(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Why?")
    first, second, third, fourth = (answer(database, cast.bob, question, f"Answer {n}") for n in range(4))
    assert order(database, cast.carol, question) == [first, second, third, fourth]
    for viewer in (cast.alice, cast.carol):
        helped(database, viewer, third)
    helped(database, cast.alice, second)
    assert order(database, cast.carol, question) == [third, second, first, fourth]
    accept(database, cast.alice, fourth)
    assert order(database, cast.carol, question) == [fourth, third, second, first]


def test_a_long_list_of_answers_is_read_in_stretches_and_nothing_comes_twice(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Which one?")
    ids = [answer(database, cast.bob, question, f"This one, {n}") for n in range(queries.ANSWERS + 7)]
    helped(database, cast.carol, ids[-1])
    accept(database, cast.alice, ids[-2])
    with database.reading(cast.carol) as session:
        page = queries.answers(session, cast.carol, question)
        rest = queries.answers(session, cast.carol, question, before=page.older)
        seen = [one.card.id for one in (*page.items, *rest.items)]
        assert seen == [ids[-2], ids[-1], *ids[:-2]]
        assert rest.older is None
        with pytest.raises((Invalid, NotFound)):
            queries.answers(session, cast.carol, question, before="WyJ4IiwieCJd")


def test_only_the_last_comments_on_an_answer_come_with_it_and_the_rest_on_demand(
    database: Database, cast: Cast
) -> None:
    question = ask(database, cast.alice, "Why?")
    said = answer(database, cast.bob, question, "Because")
    for number in range(queries.REPLIES + 3):
        answer(database, cast.carol, said, f"And {number}")
    with database.reading(cast.alice) as session:
        (shown,) = queries.answers(session, cast.alice, question).items
        assert (len(shown.card.replies), shown.earlier) == (queries.REPLIES, 3)
        (opened,) = queries.answers(session, cast.alice, question, open_id=said).items
        assert (len(opened.card.replies), opened.earlier) == (queries.REPLIES + 3, 0)


def test_one_answer_at_a_time_is_accepted_and_it_can_be_taken_back(
    database: Database, cast: Cast, happens: Happens
) -> None:
    question = ask(database, cast.alice, "Why?")
    one, other = (answer(database, cast.bob, question, text) for text in ("This", "That"))
    accept(database, cast.alice, one)
    here = card(database, cast.alice, question)
    assert (here.accepted_id, here.answer_count) == (one, 2)
    events = happens(cast.alice, lambda session: accept_answer(session, cast.alice, other))
    assert [type(event) for event in events] == [AcceptanceWithdrawn, AnswerAccepted]
    assert happens(cast.alice, lambda session: accept_answer(session, cast.alice, other)) == []
    assert card(database, cast.alice, question).accepted_id == other
    with database.reading(cast.alice) as session:
        found = session.get(Comment, one)
        assert found is not None
        assert found.accepted_at is None
    happens(cast.alice, lambda session: withdraw_acceptance(session, cast.alice, other))
    assert card(database, cast.alice, question).accepted_id is None


def test_who_asked_and_topic_stewards_accept_and_nobody_else(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Why?")
    said = answer(database, cast.bob, question, "Because")
    with database.unit_of_work(cast.bob) as session, pytest.raises(Refused):
        accept_answer(session, cast.bob, said)
    accept(database, replace(cast.carol, roles=frozenset({Role.MEMBER, Role.STEWARD})), said)
    assert card(database, cast.alice, question).accepted_id == said


def test_only_answers_to_questions_are_accepted(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Why?")
    said = answer(database, cast.bob, question, "Because")
    remark = answer(database, cast.bob, said, "And so on")
    with database.unit_of_work(cast.alice) as session:
        post = publish_post(session, cast.alice, PostDraft(text="No question"))
    comment = answer(database, cast.bob, post.id, "A comment")
    with database.unit_of_work(cast.alice) as session:
        for item in (remark, comment, question, 1):
            with pytest.raises(NotFound):
                accept_answer(session, cast.alice, item)


def test_a_closed_question_is_not_judged_any_more(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Why?")
    said = answer(database, cast.bob, question, "Because")
    with database.unit_of_work(cast.alice) as session:
        post = session.get(Post, question)
        assert post is not None
        post.frozen_at = clock.now()
    with database.unit_of_work(cast.alice) as session, pytest.raises(Refused):
        accept_answer(session, cast.alice, said)


def test_a_deleted_solution_leaves_the_question_open_and_its_return_solves_it_again(
    database: Database, cast: Cast
) -> None:
    question = ask(database, cast.alice, "Why?")
    said, other = (answer(database, cast.bob, question, text) for text in ("Because", "Or so"))
    accept(database, cast.alice, said)
    with database.unit_of_work(cast.bob) as session:
        delete_item(session, cast.bob, said)
    assert card(database, cast.alice, question).accepted_id is None
    with database.unit_of_work(cast.bob) as session:
        restore_item(session, cast.bob, said)
    assert card(database, cast.alice, question).accepted_id == said
    with database.unit_of_work(cast.bob) as session:
        delete_item(session, cast.bob, said)
    accept(database, cast.alice, other)
    with database.unit_of_work(cast.bob) as session:
        restore_item(session, cast.bob, said)
    assert card(database, cast.alice, question).accepted_id == other


def test_an_edit_of_the_one_line_stays_in_the_history(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Why?", "It jumps")
    with database.unit_of_work(cast.alice) as session:
        edit_item(session, cast.alice, question, "It jumps", title="Why so?")
    with database.reading(cast.bob) as session:
        assert [(one.title, one.is_current) for one in versions(session, question)] == [
            ("Why so?", True),
            ("Why?", False),
        ]
    with database.unit_of_work(cast.alice) as session, pytest.raises(Invalid):
        edit_item(session, cast.alice, question, "It jumps", title=" ")


def test_a_question_without_more_words_can_be_brought_back(database: Database, cast: Cast) -> None:
    question = ask(database, cast.alice, "Why?")
    with database.unit_of_work(cast.alice) as session:
        delete_item(session, cast.alice, question)
    with database.unit_of_work(cast.alice) as session:
        restore_item(session, cast.alice, question)
    assert card(database, cast.bob, question).title == "Why?"


def test_a_page_of_answers_costs_the_same_however_many_there_are(
    database: Database, cast: Cast, queries: Queries
) -> None:
    from intranet.questions.queries import answers

    question = ask(database, cast.alice, "Why?")
    counts = []
    for _round in range(2):
        for number in range(4):
            said = answer(database, cast.bob, question, f"Because {number}")
            answer(database, cast.carol, said, "Really")
        with database.reading(cast.alice) as session, queries(20) as seen:
            answers(session, cast.alice, question)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_forms_and_pages_work_without_script(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    empty = alice.post("/posts", data={"kind": "question", "title": "", "text": "My body", "audience": "everyone"})
    assert empty.status_code == 422
    assert "My body" in empty.text
    sent = {"kind": "question", "title": "Why <b>so</b>?", "text": "See #kafka", "topics": ["lag", "kafka"]}
    made = alice.post("/posts", data={**sent, "audience": "everyone"})
    assert made.status_code == 303
    question = int(made.location.rpartition("/")[2])
    shown = alice.get(made.location).text
    assert "Why &lt;b&gt;so&lt;/b&gt;?" in shown
    assert {topic.slug for topic in card(database, cast.alice, question).topics} == {"kafka", "lag"}
    assert alice.get(f"/posts/{question}").location == f"/questions/{question}"
    bob = as_viewer(cast.bob)
    bob.post(f"/posts/{question}/comments", data={"text": "Shrink the batch"})
    said = order(database, cast.bob, question)[0]
    alice = as_viewer(cast.alice)
    assert "This solved it" in alice.get(f"/questions/{question}").text
    alice.post(f"/answers/{said}/accept", data={"on": "1"})
    assert "data-accepted" in alice.get(f"/questions/{question}").text
    assert "data-accepted" in alice.get(f"/posts/{said}", headers={"X-Fragment": "1"}).text


def test_the_api_asks_and_tells_what_solved_it(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    alice = as_viewer(cast.alice)
    made = alice.post("/api/v1/posts", json={"kind": "question", "title": "Why?", "text": ""})
    told = made.get_json()
    assert (made.status_code, told["title"], told["accepted_answer"]) == (201, "Why?", None)
    question = int(told["id"])
    said = answer(database, cast.bob, question, "Because")
    accept(database, cast.alice, said)
    got = alice.get(f"/api/v1/posts/{question}").json
    assert got is not None
    assert (got["accepted_answer"], got["answer_count"], got["kind"]) == (str(said), 1, "question")


def test_carol_finds_nothing_of_a_question_in_a_group_that_is_not_hers(
    database: Database, cast: Cast, as_viewer: AsViewer
) -> None:
    hidden = ask(database, cast.alice, "Who takes over after the merger?", to=cast.group)
    said = answer(database, cast.bob, hidden, "Nobody does")
    open_one = ask(database, cast.alice, "Who takes over?")
    with database.unit_of_work(cast.alice) as session:
        from intranet.questions.actions import link_question

        link_question(session, cast.alice, open_one, hidden)
    bob = as_viewer(cast.bob)
    assert "merger" in bob.get(f"/questions/{open_one}").text
    carol = as_viewer(cast.carol)
    assert carol.get(f"/questions/{hidden}").status_code == 404
    assert "merger" not in carol.get(f"/questions/{open_one}").text
    for address in (f"/answers/{said}/accept", f"/questions/{hidden}/follow", f"/questions/{hidden}/same"):
        assert carol.post(address, data={"original": str(open_one)}).status_code == 404
    with database.unit_of_work(cast.carol) as session, pytest.raises(NotFound):
        follow_question(session, cast.carol, hidden, is_on=True)
