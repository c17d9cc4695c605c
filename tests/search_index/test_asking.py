"""Asking is interest, answering is expertise."""

import pytest

from search_index.asking import only_asks
from search_index.documents import Kind
from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from tests.search_index.writing import ALL, document, experts, found, put


@pytest.mark.parametrize(
    "text",
    [
        "Who can renew the ssl certificate of the shop?",
        "Our consumer lag climbs after every rebalance. Does anybody know why?",
        "Hat jemand Erfahrung mit dem neuen Ventil?",
        "kafka or rabbitmq?",
        "How do I reset my password? And where? https://example.org/very/long?x=1",
        "誰か知っていますか？",
    ],
)
def test_a_text_that_is_just_a_question_only_asks(text: str) -> None:
    assert only_asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The certificate is renewed by a job at night.",
        "Turn the valve left, then grease it, then wait for an hour before you open the tap again. Better?",
        "Why is the lag growing? " + "Because the broker waits for the slowest replica and then tells nobody. " * 3,
        "See https://example.org/search?q=ssl for the steps",
        "Is it done? " + "word " * 200,
    ],
)
def test_a_text_that_explains_something_does_not_only_ask(text: str) -> None:
    assert not only_asks(text)


def test_who_only_asks_is_no_expert_but_interested(engine: Engine) -> None:
    put(
        engine,
        document(1, "the welding robot needs argon for clean seams", author=1),
        document(2, "who knows the welding robot?", author=2),
        document(3, "welding robot: how to get one", author=3, kind=Kind.QUESTION),
        document(4, "does anybody have a welding robot?", author=1),
    )
    answer = engine.experts(ExpertQuery("welding robot", ALL))
    (expert,) = answer.items
    assert (expert.person_id, expert.documents, expert.asked) == (1, 1, 1)
    assert set(answer.interested) == {2, 3}
    assert {proof.id for proof in expert.evidence} == {"post:1"}
    assert "post:2" in found(engine, "welding robot")


def test_interest_is_told_of_nobody_who_must_not_be_named(engine: Engine) -> None:
    put(engine, document(1, "who knows welding?", author=2), document(2, "and who knows welding?", author=3))
    assert engine.experts(ExpertQuery("welding", ALL, without=frozenset({2}))).interested == (3,)
    assert engine.experts(ExpertQuery("welding", ALL, candidates=frozenset({2}))).interested == (2,)
    assert engine.experts(ExpertQuery("welding", frozenset({99}))).interested == ()
    assert experts(engine, "welding") == []
