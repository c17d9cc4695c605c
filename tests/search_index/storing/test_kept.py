"""Answers that hold until a document changes."""

from collections.abc import Callable

from search_index.engine import Engine
from search_index.expertise import ExpertQuery
from search_index.storing.kept import MOST, Kept
from tests.search_index.writing import ALL, document, drop, experts, put


def counting(kept: Kept[str, str]) -> tuple[list[str], Callable[[str], str]]:
    worked_out: list[str] = []

    def ask(key: str) -> str:
        def work_out() -> str:
            worked_out.append(key)
            return key.upper()

        return kept.of(key, work_out)

    return worked_out, ask


def test_what_was_asked_is_worked_out_once_until_something_changes() -> None:
    kept: Kept[str, str] = Kept()
    worked_out, ask = counting(kept)
    assert [ask("a"), ask("b"), ask("a")] == ["A", "B", "A"]
    assert worked_out == ["a", "b"]
    kept.forget()
    assert ask("a") == "A"
    assert worked_out == ["a", "b", "a"]


def test_an_answer_during_which_something_changes_is_given_and_not_kept() -> None:
    kept: Kept[str, str] = Kept()

    def interrupted() -> str:
        kept.forget()
        return "of before"

    assert kept.of("a", interrupted) == "of before"
    assert kept.of("a", lambda: "of now") == "of now"


def test_only_the_last_few_are_kept() -> None:
    worked_out, ask = counting(Kept())
    for number in range(MOST + 1):
        ask(str(number))
    ask(str(MOST))
    assert len(worked_out) == MOST + 1
    ask("0")
    assert worked_out[-1] == "0"


def test_who_may_read_less_is_not_told_what_was_worked_out_for_others(engine: Engine) -> None:
    put(engine, document(1, "kafka lag", author=1, audience=20), document(2, "kafka lag", author=2))
    assert set(experts(engine, "kafka lag", frozenset({1, 20}))) == {1, 2}
    assert experts(engine, "kafka lag", frozenset({1})) == [2]
    assert set(experts(engine, "kafka lag", frozenset({1, 20}))) == {1, 2}


def test_each_change_is_in_the_next_answer_to_the_same_question(engine: Engine) -> None:
    query = ExpertQuery("kafka lag", ALL)

    def known() -> set[int]:
        return {expert.person_id for expert in engine.experts(query).items}

    put(engine, document(1, "kafka lag", author=1), document(2, "kafka lag", author=2))
    assert known() == {1, 2}
    put(engine, document(3, "kafka lag", author=3))
    assert known() == {1, 2, 3}
    put(engine, document(1, "kafka lag", author=1, audience=999))
    assert known() == {2, 3}
    drop(engine, "post:2")
    assert known() == {3}
    put(engine, document(3, "about lunch", author=3))
    assert known() == set()


def test_the_same_question_may_be_narrowed_in_turn(engine: Engine) -> None:
    put(engine, *(document(n, "kafka lag", author=n, day=n) for n in range(1, 5)))
    assert len(engine.experts(ExpertQuery("kafka lag", ALL)).items) == 4
    first = engine.experts(ExpertQuery("kafka lag", ALL, limit=2)).items
    second = engine.experts(ExpertQuery("kafka lag", ALL, limit=2, offset=2)).items
    assert {expert.person_id for expert in (*first, *second)} == {1, 2, 3, 4}
    chosen = engine.experts(ExpertQuery("kafka lag", ALL, candidates=frozenset({3})))
    assert [expert.person_id for expert in chosen.items] == [3]
    left = engine.experts(ExpertQuery("kafka lag", ALL, without=frozenset({3})))
    assert {expert.person_id for expert in left.items} == {1, 2, 4}
