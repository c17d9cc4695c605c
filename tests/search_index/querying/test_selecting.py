"""The best of many are those that a full sort would give, equals in the same order every time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_index.querying.selecting import SAMPLED, by_score, by_time


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.5, 2.5]), st.integers(0, 3)), max_size=60), st.integers(0, 12))
def test_few_are_picked_as_by_sorting(made: list[tuple[float, int]], count: int) -> None:
    check(np.array([score for score, _ in made]), np.array([time for _, time in made], np.int64), count)


@given(st.integers(0, 1_000), st.sampled_from([1, 3, 100_000]), st.sampled_from([1, 4, 100_000]), st.integers(1, 30))
def test_many_are_picked_as_by_sorting(seed: int, scores: int, times: int, count: int) -> None:
    random = np.random.default_rng(seed)
    size = 5 * SAMPLED
    check(random.integers(0, scores, size) / 7, random.integers(0, times, size), count)


def check(scores: np.ndarray, created: np.ndarray, count: int) -> None:
    documents = np.arange(len(scores))
    tie = (documents * 7919) % 1_000_003
    expected = np.lexsort((tie, -created, -scores))[:count]
    assert by_score(documents, scores, created, tie, count).tolist() == expected.tolist()
    newest = np.lexsort((tie, -created))[:count]
    assert by_time(documents, created, tie, count).tolist() == newest.tolist()
