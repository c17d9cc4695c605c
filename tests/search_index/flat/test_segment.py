"""A stored segment says what the documents say."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.util.numeric import length_to_byte

from search_index.documents import Document
from search_index.flat import array_file, dictionary
from search_index.flat.inverting import Inverter
from search_index.flat.postings import length_codes
from search_index.flat.segment import Segment
from tests.search_index.flat.corpora import documents, expected_of, said_by, stored
from tests.search_index.writing import document


@given(documents())
@settings(deadline=None, max_examples=30)
def test_everything_that_was_inverted_is_read_back(given_documents: list[Document]) -> None:
    with TemporaryDirectory() as folder:
        assert said_by(stored(Path(folder), given_documents)) == expected_of(given_documents)


@given(documents(), st.sampled_from(["a", "al", "b", "getaddr", "z", "東", "no such", ""]))
@settings(deadline=None, max_examples=20)
def test_a_prefix_is_one_run_of_terms_and_of_postings(given_documents: list[Document], prefix: str) -> None:
    with TemporaryDirectory() as folder:
        segment = stored(Path(folder), given_documents)
        run = segment.terms("text", prefix)
        texts = segment.texts_of(run)
        every = [segment.text_of(number) for number in segment.terms("text")]
        assert texts == [text for text in every if text.startswith(prefix)]
        assert texts == sorted(texts, key=str.encode)
        _compare_run(segment, run)


def _compare_run(segment: Segment, run: range) -> None:
    got, keys, starts = segment.run(run, 7)
    single = [segment.postings(number, 7) for number in run]
    assert got.tolist() == [document for postings in single for document in postings.documents.tolist()]
    assert keys.tolist() == [key for postings in single for key in postings.keys.tolist()]
    assert np.diff([*starts, len(got)]).tolist() == segment.frequencies(run).tolist() == [len(p) for p in single]


@given(documents(), st.sampled_from(["a", "lph", "m", "東京", "add", "ß", "aa"]), st.integers(1, 5))
@settings(deadline=None, max_examples=20)
def test_terms_are_found_by_any_part_of_them(given_documents: list[Document], part: str, limit: int) -> None:
    with TemporaryDirectory() as folder:
        segment = stored(Path(folder), given_documents)
        found = [segment.text_of(number) for number in segment.containing("text", part, limit)]
        every = segment.texts_of(segment.terms("text"))
        assert found == [text for text in every if part in text][:limit]


@given(documents())
@settings(deadline=None, max_examples=30)
def test_documents_are_found_by_their_ids(given_documents: list[Document]) -> None:
    with TemporaryDirectory() as folder:
        segment = stored(Path(folder), given_documents)
        for number, document in enumerate(given_documents):
            assert segment.number_of(document.id) == number
            assert segment.term("text", "never written") is None
        assert segment.number_of("post:none") is None


def test_nothing_makes_no_segment(tmp_path: Path) -> None:
    assert Inverter().write(tmp_path) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("length", [0, 1, 10, 11, 12, 106_373, 106_374, 10**7])
def test_length_codes_are_those_of_whoosh(length: int) -> None:
    assert length_codes(np.array([length]))[0] == length_to_byte(length)


@given(documents(), st.data())
@settings(deadline=None, max_examples=20)
def test_terms_that_are_no_neighbours_are_gathered(given_documents: list[Document], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        segment = stored(Path(folder), given_documents)
        every = [number for field in segment.fields for number in segment.terms(field)]
        chosen = data.draw(st.lists(st.sampled_from(every), max_size=5)) if every else []
        got, keys, starts = segment.gather(np.array(chosen, np.int64), 7)
        single = [segment.postings(number, 7) for number in chosen]
        assert got.tolist() == [document for postings in single for document in postings.documents.tolist()]
        assert keys.tolist() == [key for postings in single for key in postings.keys.tolist()]
        assert np.diff([*starts, len(got)]).tolist() == [len(postings) for postings in single]


@given(documents(), st.data())
@settings(deadline=None, max_examples=20)
def test_the_postings_of_some_documents_are_found(given_documents: list[Document], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        segment = stored(Path(folder), given_documents)
        for number in segment.terms("text"):
            held = segment.postings(number).documents
            at = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=len(held), max_size=len(held))))
            assert segment.places(number, held[at]).tolist() == at.tolist()


def test_few_documents_among_many_are_found_as_well(tmp_path: Path) -> None:
    segment = stored(tmp_path, [document(number, "alpha" if number % 3 else "beta") for number in range(200)])
    (number,) = segment.terms("text", "alpha")
    held = segment.postings(number).documents
    for at in ([0], [5, 17], [len(held) - 1], list(range(len(held))), []):
        assert segment.places(number, held[np.array(at, np.int64)]).tolist() == at


def test_threads_may_forget_and_look_up_terms_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "KEPT", 2)
    segment = stored(tmp_path, [document(1, " ".join(f"word{number}" for number in range(60)))])
    terms = {segment.text_of(number): number for number in segment.terms("text")}

    def found(_: int) -> dict[str, int | None]:
        return {text: segment.term("text", text) for text in terms for _ in range(5)}

    with ThreadPoolExecutor(8) as pool:
        assert all(answer == terms for answer in pool.map(found, range(40)))


@given(documents())
@settings(deadline=None, max_examples=10)
def test_pages_that_were_given_back_are_read_again(given_documents: list[Document]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(array_file, "MOST_TOUCHED", 0)
        assert said_by(stored(Path(folder), given_documents)) == expected_of(given_documents)
