"""Scores from the table of impact keys are those of Whoosh."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.scoring import bm25
from whoosh.util.numeric import byte_to_length, length_to_byte

from search_index.flat.postings import Postings
from search_index.querying.bm25 import K1, TABLE, B, Impacts, rarity, shares


@given(st.integers(1, 2_000), st.integers(1, 120_000), st.floats(0.5, 5_000), st.floats(0.5, 20))
def test_a_posting_scores_as_in_whoosh(frequency: int, length: int, average: float, idf: float) -> None:
    code = length_to_byte(length)
    key = np.array([code << 8 | min(frequency, 255)], np.uint16)
    postings = Postings(np.array([0]), key, {0: frequency} if frequency > 255 else {})
    expected = bm25(idf, frequency, byte_to_length(code), average, B, K1)
    assert idf * shares(postings, average)[0] == pytest.approx(expected, rel=1e-12)


@given(st.lists(st.integers(0, 65_535), max_size=50), st.floats(0.5, 5_000))
def test_short_lists_score_to_the_last_bit_as_from_the_table(listed: list[int], average: float) -> None:
    keys = np.array(listed, np.uint16)
    scores = Impacts(average)
    directly = scores.of(keys)
    scores.of(np.zeros(TABLE, np.uint16))
    assert directly.tolist() == scores.of(keys).tolist()


def test_a_term_that_every_document_holds_still_counts_for_something() -> None:
    assert rarity(1_000, 1_000) == pytest.approx(0.999, abs=1e-3)
    assert rarity(0, 0) > 0
