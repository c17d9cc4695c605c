"""How often words stand is counted once and stays right while documents come and go."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import EVERYONE
from search_index.flat.inverting import Inverter
from search_index.flat.segment import open_segment
from search_index.storing.opening import corpus_of, empty_corpus
from search_index.storing.parts import OpenSegment
from search_index.storing.schema import TEXT, analyse
from tests.search_index.writing import document

WORDS = ("kafka", "lag", "ssl")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([EVERYONE, 30])), min_size=1, max_size=30),
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([EVERYONE, 30])), max_size=10),
    st.lists(st.integers(0, 39), max_size=12),
    st.sampled_from([0, 1, 5, 1000]),
)
def test_public_frequencies_are_those_of_a_recount(
    stored: list[tuple[str, int]], fresh: list[tuple[str, int]], removed: list[int], most: int
) -> None:
    inverter = Inverter()
    for number, (word, audience) in enumerate(stored):
        inverter.add(analyse(document(number, word, audience=audience)))
    with tempfile.TemporaryDirectory() as folder:
        name = inverter.write(Path(folder))
        assert name is not None
        segment = OpenSegment(open_segment(Path(folder), name))
        corpus = corpus_of([(segment, np.empty(0, np.int64))], empty_corpus(EVERYONE))
        for number, (word, audience) in enumerate(fresh, len(stored)):
            corpus.add(analyse(document(number, word, audience=audience)))
        living = dict(enumerate([*stored, *fresh]))
        for gone in [-1, *removed]:
            living.pop(gone, None)
            corpus.remove(f"post:{gone}")
            for word in WORDS:
                count = sum(one == (word, EVERYONE) for one in living.values())
                assert corpus.public_frequency(TEXT, word) == count
                told = corpus.public_frequency(TEXT, word, most)
                assert told == count if count <= most else told > most
