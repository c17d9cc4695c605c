"""Only the best documents vote, and the application may choose among everybody who was found."""

from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from search_index.documents import Kind
from search_index.engine import Engine
from search_index.expertise import NEVER, ExpertQuery
from search_index.ranking import votes
from search_index.ranking.scratch import sums
from tests.search_index.writing import ALL, START, document, put

HIDDEN = 30


def test_who_is_found_is_narrowed_once_with_everybody_at_hand(engine: Engine) -> None:
    put(
        engine,
        *(document(n, "kafka lag", author=1) for n in range(3)),
        document(10, "kafka lag", author=2, day=9),
        document(11, "kafka", author=3, kind=Kind.SKILL),
    )
    seen: list[tuple[list[int], list[int]]] = []

    def narrow(people: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.bool_]:
        seen.append((people.tolist(), last.tolist()))
        return np.asarray(people != 1, np.bool_)

    answer = engine.experts(ExpertQuery("kafka lag", ALL, narrow=narrow))
    ((people, last),) = seen
    assert people[0] == 1
    assert sorted(people) == [1, 2, 3]
    assert last[people.index(3)] == NEVER
    assert datetime.fromtimestamp(last[people.index(1)] / 1000, UTC) == START
    assert {expert.person_id for expert in answer.items} == {2, 3}
    assert (answer.total, set(answer.people)) == (2, {2, 3})


def test_the_best_documents_vote_and_hidden_ones_take_no_place(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(votes, "MOST_VOTES", 10)
    put(
        engine,
        *(document(n, f"kafka lag {'and more words ' * (n % 7)}", author=n % 5 + 1) for n in range(60)),
        document(99, "lunch", author=9),
    )
    before = engine.experts(ExpertQuery("kafka lag", ALL))
    assert sum(expert.documents for expert in before.items) == 10
    put(engine, *(document(n, "kafka lag", author=9, audience=HIDDEN) for n in range(200, 300)))
    assert engine.experts(ExpertQuery("kafka lag", ALL)) == before


def test_a_scratch_array_comes_back_clean_and_is_dropped_after_an_error() -> None:
    with sums(100) as first:
        first.add(np.array([3, 5]), np.array([1.0, 2.0]))
        first.add(np.array([5, 9]), 4.0)
        first.raise_to(np.array([3]), np.array([7.0]))
        assert sorted(first.touched().tolist()) == [3, 5, 9]
        assert first.values[[3, 5, 9]].tolist() == [7.0, 6.0, 4.0]
    with sums(100) as second:
        assert not second.values.any()
    with pytest.raises(IndexError), sums(100) as torn:
        torn.add(np.array([1, 10**12]), 1.0)
    with sums(100) as third:
        assert not third.values.any()
