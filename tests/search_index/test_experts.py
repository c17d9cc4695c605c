"""Who is ranked, why, and what does not count."""

from datetime import date, timedelta

import pytest

from search_index.documents import Kind
from search_index.engine import Engine
from search_index.expertise import ExpertQuery, Signal, Weights
from tests.search_index.writing import ALL, START, document, experts, found, put


def test_who_answers_the_whole_question_beats_who_answers_half_of_it_often(engine: Engine) -> None:
    put(
        engine,
        document(1, "kafka consumer lag climbs after a rebalance", author=1),
        *(document(n, "kafka broker upgrade notes", author=2) for n in range(10, 16)),
        *(document(n, "canteen menu for tuesday", author=3) for n in range(20, 30)),
    )
    assert experts(engine, "kafka consumer lag") == [1, 2]


def test_more_good_posts_count_more_but_less_and_less(engine: Engine) -> None:
    put(engine, *(document(n, "welding seams", author=1) for n in range(9)))
    put(engine, document(50, "welding seams", author=2), document(51, "lunch", author=3))
    first, second = engine.experts(ExpertQuery("welding seams", ALL)).items
    assert first.person_id == 1
    assert 2 < first.score / second.score < 9


def test_a_question_in_its_frame_ranks_like_the_bare_topic(engine: Engine) -> None:
    put(engine, document(1, "time zones are hard", author=1), document(2, "looking for lunch", author=2))
    assert experts(engine, "who knows about time zones?") == [1]
    assert experts(engine, "I am looking for somebody who knows about time zones") == [1]


def test_joined_words_stand_for_two(engine: Engine) -> None:
    put(
        engine,
        document(1, "datetime parsing", author=1),
        document(2, "datetime again", author=1),
        document(3, "lunch date", author=2),
        document(4, "coffee time", author=3),
    )
    assert experts(engine, "date and time")[0] == 1


def test_skills_and_endorsements_find_people_without_a_post(engine: Engine) -> None:
    put(
        engine,
        document(1, "SSL", author=4, kind=Kind.SKILL),
        document(2, "SSL: fixed our certificates", author=5, kind=Kind.ENDORSEMENT),
        document(3, "the ssl certificate of the shop is renewed", author=6),
    )
    assert set(experts(engine, "ssl")) == {4, 5, 6}
    without = Weights(kinds={Kind.POST: 1.0})
    answer = engine.experts(ExpertQuery("ssl", ALL, weights=without))
    assert [expert.person_id for expert in answer.items] == [6]


def test_being_mentioned_counts_a_little_and_mentioning_oneself_does_not(engine: Engine) -> None:
    put(
        engine,
        document(1, "asyncio is explained by @bo", author=1, mentions=(2,)),
        document(2, "asyncio, says @cy", author=3, mentions=(3,)),
    )
    answer = engine.experts(ExpertQuery("asyncio", ALL))
    scores = {expert.person_id: expert.score for expert in answer.items}
    assert scores[1] == pytest.approx(scores[3], rel=0.2)
    assert 0 < scores[2] < scores[1]
    (named,) = (expert for expert in answer.items if expert.person_id == 2)
    assert named.shares[Signal.WORKED] == 100
    assert [proof.id for proof in named.evidence] == ["post:1"]
    assert experts_without_mentions(engine) == [1, 3]


def experts_without_mentions(engine: Engine) -> list[int]:
    answer = engine.experts(ExpertQuery("asyncio", ALL, weights=Weights(mentions=0.0)))
    return sorted(expert.person_id for expert in answer.items)


def test_topics_count_as_text_unless_their_weight_is_zero(engine: Engine) -> None:
    put(engine, document(1, "it works again", author=1, topics=("Kafka",)))
    assert experts(engine, "kafka") == [1]
    assert engine.experts(ExpertQuery("kafka", ALL, weights=Weights(topics=0.0))).total == 0


def test_proofs_are_the_best_three_of_different_kinds(engine: Engine) -> None:
    put(
        engine,
        *(document(n, "kafka lag explained", author=1, day=n) for n in range(5)),
        document(50, "kafka lag explained with numbers", author=1, kind=Kind.ANSWER, day=9),
        document(51, "kafka", author=1, kind=Kind.SKILL),
        document(52, "unrelated", author=1, day=30),
    )
    (expert,) = engine.experts(ExpertQuery("kafka lag", ALL)).items
    assert len(expert.evidence) == 3
    assert {proof.kind for proof in expert.evidence} >= {Kind.ANSWER, Kind.POST}
    assert expert.documents == 7
    assert sum(expert.shares.values()) == 100
    assert expert.last_active == START.date() + timedelta(days=9)


def test_confidence_grows_with_the_evidence_and_stays_below_one(engine: Engine) -> None:
    put(engine, *(document(n, "welding seams", author=1) for n in range(40)))
    put(engine, document(90, "welding seams", author=2), document(91, "lunch", author=3))
    sure, less_sure = engine.experts(ExpertQuery("welding", ALL)).items
    assert 0 < less_sure.confidence < sure.confidence < 1


def test_candidates_and_exclusions_choose_without_changing_scores(engine: Engine) -> None:
    put(engine, *(document(n, "kafka", author=n) for n in range(1, 6)))
    scores = {e.person_id: e.score for e in engine.experts(ExpertQuery("kafka", ALL)).items}
    chosen = engine.experts(ExpertQuery("kafka", ALL, candidates=frozenset({2, 3, 99}), without=frozenset({3})))
    assert [(e.person_id, e.score) for e in chosen.items] == [(2, scores[2])]
    assert chosen.total == 1
    assert engine.experts(ExpertQuery("kafka", ALL, candidates=frozenset())).total == 0


def test_since_leaves_people_whose_last_word_on_it_is_newer(engine: Engine) -> None:
    put(engine, document(1, "kafka", author=1, day=1), document(2, "kafka", author=2, day=20))
    recent = engine.experts(ExpertQuery("kafka", ALL, since=START + timedelta(days=10)))
    assert [expert.person_id for expert in recent.items] == [2]
    assert recent.items[0].last_active == date(2026, 1, 21)


def test_pages_follow_one_another(engine: Engine) -> None:
    put(engine, *(document(n, "kafka", author=n) for n in range(1, 31)))
    pages = [engine.experts(ExpertQuery("kafka", ALL, limit=10, offset=start)) for start in (0, 10, 20, 30)]
    assert [expert.person_id for page in pages for expert in page.items] == list(range(1, 31))
    assert {page.total for page in pages} == {30}
    assert pages[0].people == tuple(range(1, 31))


def test_documents_of_nobody_make_nobody_an_expert(engine: Engine) -> None:
    put(engine, document(1, "kafka", author=0, kind=Kind.TOPIC), document(2, "kafka", author=0))
    assert experts(engine, "kafka") == []


def test_a_name_finds_the_person_and_is_no_evidence(engine: Engine) -> None:
    baker = document(1, "Fleet manager\ntyres", title="Ada Baker", author=1, kind=Kind.PERSON)
    put(engine, baker, document(2, "the baker came", author=2))
    assert experts(engine, "baker") == [2]
    assert experts(engine, "tyres") == [1]
    assert found(engine, "ada baker") == {"person:1"}
    assert engine.suggest("bak", audiences=ALL)[0].id == "person:1"


def test_unknown_words_are_named_and_known_ones_still_answer(engine: Engine) -> None:
    put(engine, document(1, "kafka lag", author=1))
    answer = engine.experts(ExpertQuery("kafka zzyzx", ALL))
    assert answer.words == ("kafka", "zzyzx")
    assert answer.unknown == ("zzyzx",)
    assert [expert.person_id for expert in answer.items] == [1]


def test_related_topics_come_from_what_answers(engine: Engine) -> None:
    put(
        engine,
        document(1, "kafka lag", topics=("kafka", "streams")),
        document(2, "kafka broker", topics=("kafka", "streams", "ops")),
        document(3, "cake", topics=("canteen",)),
    )
    answer = engine.experts(ExpertQuery("kafka", ALL))
    assert answer.related[0] == "streams"
    assert "canteen" not in answer.related
    assert "kafka" not in answer.related
    assert answer.items[0].topics[:2] == ("kafka", "streams")


def test_a_question_of_nothing_finds_nobody(engine: Engine) -> None:
    put(engine, document(1, "kafka"))
    for nothing in ("", "   ", "?", "who knows"):
        assert experts(engine, nothing) == []


def test_only_what_somebody_wrote_themself_is_their_activity(engine: Engine) -> None:
    put(
        engine,
        document(1, "kafka lag explained", author=1, day=2),
        document(2, "kafka", author=1, kind=Kind.SKILL, day=20),
        document(3, "knows kafka well", author=1, kind=Kind.ENDORSEMENT, day=21),
        document(4, "kafka engineer", author=1, kind=Kind.PERSON, day=22),
        document(5, "ask @ada and @bo about kafka", author=3, mentions=(1, 2), day=23),
        document(6, "kafka", author=2, kind=Kind.SKILL, day=24),
    )
    by_person = {expert.person_id: expert for expert in engine.experts(ExpertQuery("kafka", ALL)).items}
    assert by_person[1].last_active == START.date() + timedelta(days=2)
    assert by_person[1].counts == {Signal.ANSWERED: 0, Signal.WROTE: 1, Signal.ENDORSED: 1, Signal.WORKED: 3}
    assert by_person[2].last_active is None
    recent = engine.experts(ExpertQuery("kafka", ALL, since=START + timedelta(days=10)))
    assert [expert.person_id for expert in recent.items] == [3]
