"""Whom to meet: who shares rare work, with the reason; not the loudest, not those already known."""

from typing import Any

from search_index.documents import EVERYONE, Document, Kind
from search_index.relating.meeting import people_to_meet
from search_index.relations import Meeting, MeetQuery
from search_index.storing.corpus import Corpus
from tests.search_index.relating.rows import TOPICS, in_memory
from tests.search_index.writing import ALL, document

GROUP = 20
ANN, BO, CY, LOUD = 1, 2, 3, 9


def meet(corpus: Corpus, person: int = ANN, **more: Any) -> tuple[Meeting, ...]:
    query = MeetQuery(person, **{"audiences": ALL, "vocabulary": TOPICS, **more})
    return people_to_meet(corpus, query)


def people(found: tuple[Meeting, ...]) -> list[int]:
    return [meeting.person_id for meeting in found]


def company() -> list[Document]:
    """Ann and Bo weld; Loud writes about everything, welding once; the others have lunch."""
    posts = [document(number, "lunch today", author=20 + number % 7) for number in range(60)]
    posts += [document(100 + number, "welding seams with a purge chamber", author=ANN) for number in range(4)]
    posts += [
        document(110 + number, "purge chamber for welding titanium", author=BO, day=number) for number in range(3)
    ]
    posts += [document(200 + number, f"thing {number} word{number} and lunch", author=LOUD) for number in range(90)]
    posts.append(document(300, "welding", author=LOUD))
    posts.append(document(301, "Kafka", author=CY))
    return posts


def test_who_shares_rare_work_comes_before_who_writes_much() -> None:
    found = people(meet(in_memory(company())))
    assert found[:2] == [BO, LOUD]
    assert CY not in found
    assert ANN not in found


def test_the_reason_is_told_as_data() -> None:
    reason = meet(in_memory(company()))[0].shared
    assert (reason[0].name, reason[0].is_topic, reason[0].mine, reason[0].theirs) == ("welding", True, 4, 3)
    assert reason[0].document == "post:112"
    assert {(one.name, one.is_topic) for one in reason[1:]} <= {("purg", False), ("chamber", False), ("seam", False)}


def test_those_who_are_known_already_are_left_out() -> None:
    assert BO not in people(meet(in_memory(company()), without=frozenset({BO})))


def test_a_claimed_skill_is_shared_work_and_a_profile_is_not() -> None:
    claimed = [*company(), document(400, "Welding", author=CY, kind=Kind.SKILL, topics=("welding",))]
    assert CY in people(meet(in_memory(claimed)))
    named = [*company(), document(400, "Welding", author=CY, kind=Kind.PERSON, title="Cy Welder")]
    assert CY not in people(meet(in_memory(named)))


def test_a_colleagues_name_brings_nobody_together() -> None:
    posts = [document(number, "lunch", author=30 + number) for number in range(30)]
    posts += [document(100 + number, "ask Yildiz about the xylophone", author=ANN) for number in range(3)]
    posts += [document(110 + number, "Yildiz knows the xylophone", author=BO) for number in range(3)]
    assert people(meet(in_memory(posts))) == [BO]
    assert {one.name for one in meet(in_memory(posts))[0].shared} >= {"yildiz"}
    known = [*posts, document(200, "", kind=Kind.PERSON, title="Elif Yildiz", author=7)]
    assert meet(in_memory(known)) == ()


def test_one_common_word_is_no_reason() -> None:
    posts = [document(number, "lunch", author=30 + number) for number in range(30)]
    posts += [document(100 + number, "xylophone", author=author) for number, author in enumerate((ANN, ANN, BO, BO))]
    assert meet(in_memory(posts)) == ()


def test_a_closed_group_brings_outsiders_together_with_nobody() -> None:
    secret = [document(500 + number, "welding merger", author=CY, audience=GROUP) for number in range(5)]
    before = meet(in_memory(company()))
    assert meet(in_memory([*secret, *company()])) == before
    assert CY in people(meet(in_memory([*secret, *company()]), audiences=frozenset({EVERYONE, GROUP})))


def test_whoever_wrote_nothing_meets_nobody_yet() -> None:
    assert meet(in_memory(company()), 77) == ()
    assert meet(in_memory([])) == ()
