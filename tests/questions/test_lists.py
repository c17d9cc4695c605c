"""Lists of questions hold what their reader may see, in order; the count beside the link is about what they know."""

from collections.abc import Callable
from typing import Any

import pytest

from intranet.kernel.audience import EVERYONE
from intranet.kernel.db import Database, Session
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Comment
from intranet.questions.actions import follow_question
from intranet.questions.listing import Filter, Show, questions, waiting_count
from intranet.search.index import Index
from intranet.topics.actions import claim_skill
from intranet.topics.vocabulary import ensure_topics
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer
from tests.questions.asking import accept, answer, ask

FRAGMENT = {"X-Fragment": "1"}


def listed(database: Database, viewer: Viewer, show: Show = Show.ALL, **more: Any) -> list[int]:
    with database.reading(viewer) as session:
        return [card.id for card in questions(session, viewer, Filter(show=show, **more)).items]


def test_each_list_holds_just_its_questions(database: Database, cast: Cast) -> None:
    open_one, answered, solved, theirs = (
        ask(database, viewer, f"Question {n}?") for n, viewer in enumerate([cast.alice] * 3 + [cast.carol])
    )
    answer(database, cast.bob, answered, "Perhaps")
    accept(database, cast.alice, answer(database, cast.bob, solved, "Yes"))
    with database.unit_of_work(cast.bob) as session:
        follow_question(session, cast.bob, theirs, is_on=True)
        follow_question(session, cast.bob, theirs, is_on=True)
    assert listed(database, cast.bob) == [theirs, solved, answered, open_one]
    assert listed(database, cast.bob, Show.UNANSWERED) == [theirs, open_one]
    assert listed(database, cast.bob, Show.SOLVED) == [solved]
    assert listed(database, cast.alice, Show.MINE) == [solved, answered, open_one]
    assert listed(database, cast.bob, Show.FOLLOWED) == [theirs]
    assert listed(database, cast.alice, Show.FOLLOWED) == []


def test_a_long_list_is_read_in_stretches(database: Database, cast: Cast) -> None:
    asked = [ask(database, cast.alice, f"Question {n}?") for n in range(5)]
    with database.reading(cast.bob) as session:
        first = questions(session, cast.bob, Filter(), limit=3)
        rest = questions(session, cast.bob, Filter(), before=first.older, limit=3)
        assert [card.id for card in (*first.items, *rest.items)] == asked[::-1]
        assert rest.older is None
        with pytest.raises(NotFound):
            questions(session, cast.bob, Filter(), before="tomorrow")


def test_the_count_is_of_unanswered_questions_on_what_one_says_one_knows(database: Database, cast: Cast) -> None:
    with database.unit_of_work(cast.bob) as session:
        topic = ensure_topics(session, ["kafka"])["kafka"]
        claim_skill(session, cast.bob, "kafka")
    waits = ask(database, cast.alice, "Why does it lag?", "#kafka")
    ask(database, cast.alice, "Who sings?", "#choir")
    ask(database, cast.bob, "And mine?", "#kafka")
    counted: Callable[[Session, Viewer], int] = waiting_count
    with database.reading(cast.bob) as session:
        assert counted(session, cast.bob) == 1
        assert listed(database, cast.bob, topic_id=topic)[1:] == [waits]
    with database.reading(cast.carol) as session:
        assert counted(session, cast.carol) == 0
    answer(database, cast.carol, waits, "Because")
    with database.reading(cast.bob) as session:
        assert counted(session, cast.bob) == 0


def test_carol_meets_no_question_of_a_group_that_is_not_hers(
    database: Database, cast: Cast, as_viewer: AsViewer, index: Index
) -> None:
    with database.unit_of_work(cast.carol) as session:
        ensure_topics(session, ["kafka"])
        claim_skill(session, cast.carol, "kafka")
    hidden = ask(database, cast.alice, "Who takes over after the merger?", "#kafka", to=cast.group)
    said = answer(database, cast.bob, hidden, "Nobody takes over after it")
    with database.unit_of_work(SYSTEM) as session:
        session.add(Follow(follower_id=cast.carol.member_id, kind=FollowKind.QUESTION, target_id=hidden))
    for show in Show:
        assert listed(database, cast.carol, show) == []
    with database.reading(cast.carol) as session:
        assert waiting_count(session, cast.carol) == 0
        assert session.get(Comment, said) is None
    carol = as_viewer(cast.carol)
    draft = {"title": "Who takes over after the merger?", "text": ""}
    for page in (
        carol.get("/questions").text,
        carol.get("/questions?q=merger", headers=FRAGMENT).text,
        carol.get("/questions?topic=kafka").text,
        carol.post("/questions/before", data=draft, headers=FRAGMENT).text,
    ):
        assert f"/questions/{hidden}" not in page
        assert "Bob" not in page
    assert carol.get(f"/questions/{hidden}/similar", headers=FRAGMENT).status_code == 404
    bob = as_viewer(cast.bob)
    assert f"/questions/{hidden}" in bob.post("/questions/before", data=draft, headers=FRAGMENT).text
    assert f"/questions/{hidden}" in bob.get("/questions?q=merger", headers=FRAGMENT).text


def test_before_asking_one_sees_what_was_asked_who_knows_and_what_it_is_about(
    database: Database, cast: Cast, as_viewer: AsViewer, index: Index
) -> None:
    asked = ask(database, cast.alice, "Why does consumer lag jump after a gateway reconnects?", "#kafka #gateways")
    answered = answer(database, cast.bob, asked, "The consumer lag jumps because the batch is too large. #kafka")
    accept(database, cast.alice, answered)
    carol = as_viewer(cast.carol)
    draft = {"title": "Consumer lag jumps after the gateway reconnects", "text": "On Kafka"}
    found = carol.post("/questions/before", data=draft, headers=FRAGMENT).text
    assert f'href="/questions/{asked}"' in found
    assert 'href="/people/bob"' in found
    assert 'value="kafka" form="composer" checked' in found
    assert 'value="gateways"' in found
    whole = carol.post("/questions/before", data={**draft, "idempotency_key": "k"}).text
    assert f'href="/questions/{asked}"' in whole
    assert "Consumer lag jumps after the gateway reconnects" in whole
    nothing = carol.post("/questions/before", data={"title": "Why", "text": ""}, headers=FRAGMENT).text
    assert nothing.strip() == ""


def test_groups_and_topics_show_their_questions(database: Database, cast: Cast, as_viewer: AsViewer) -> None:
    asked = ask(database, cast.alice, "Why does it lag?", "#kafka", to=EVERYONE)
    assert f"/questions/{asked}" in as_viewer(cast.bob).get("/topics/kafka").text
