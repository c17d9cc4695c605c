"""The row of documents while it grows: a question sees what was there when it began, lists stay in order."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_index.documents import EVERYONE
from search_index.flat.postings import MOST_FREQUENT
from search_index.storing.arrays.growing import ROOM, Growing
from search_index.storing.arrays.transposed import PARTS, SMALLEST, Transposed
from search_index.storing.corpus import Corpus
from search_index.storing.memory import UNSORTED
from search_index.storing.opening import corpus_of, empty_corpus
from search_index.storing.schema import APART, TEXT, analyse
from tests.search_index.writing import document


def in_memory(*texts: str) -> Corpus:
    corpus = empty_corpus(EVERYONE)
    for number, text in enumerate(texts):
        corpus.add(analyse(document(number, text)))
    return corpus


def test_what_comes_in_after_a_question_began_is_for_the_next_one() -> None:
    corpus = in_memory("kafka", "kafka")
    allowed = corpus.allowed({EVERYONE})
    corpus.add(analyse(document(7, "kafka")))
    postings = corpus.postings(TEXT, "kafka")
    assert postings.documents.tolist() == [0, 1, 2]
    assert allowed.keep(postings.documents).tolist() == [0, 1]
    assert allowed.keep_postings(postings).keys.tolist() == postings.keys[:2].tolist()
    assert allowed.everything().tolist() == [0, 1]
    assert corpus.allowed({EVERYONE}).keep(postings.documents).tolist() == [0, 1, 2]


def test_a_deleted_document_is_hidden_from_questions_that_begin_afterwards() -> None:
    corpus = in_memory("kafka", "kafka lag")
    corpus.remove("post:0")
    assert corpus.allowed({EVERYONE}).keep(np.arange(2)).tolist() == [1]
    assert corpus.documents == corpus.public_documents == 1
    assert corpus.public_lengths[TEXT] == 2
    corpus.remove("post:0")
    assert corpus.documents == 1


def test_nobody_can_ask_for_what_nobody_may_read() -> None:
    corpus = in_memory("kafka")
    corpus.remove("post:0")
    everybody = range(-2, 50)
    assert corpus.allowed(everybody).everything().tolist() == []


def test_a_frequency_above_what_a_key_holds_is_exact() -> None:
    corpus = in_memory("lag", "lag " * 700, "lag lag")
    postings = corpus.postings(TEXT, "lag")
    assert (postings.keys & 0xFF).tolist() == [1, MOST_FREQUENT, 2]
    assert postings.frequencies().tolist() == [1, 700, 2]
    flat, ends = corpus.positions(TEXT, "lag", np.array([1, 2]))
    assert ends.tolist() == [700, 702]
    assert flat[:700].tolist() == list(range(700))


def test_a_title_stands_before_the_text_and_apart_from_it() -> None:
    corpus = empty_corpus(EVERYONE)
    corpus.add(analyse(document(1, "lag climbs", title="kafka consumer")))
    places = {term: corpus.positions(TEXT, term, np.array([0]))[0].tolist() for term in corpus.terms(TEXT)}
    assert places == {"kafka": [0], "consum": [1], "lag": [1 + APART], "climb": [2 + APART]}


def test_terms_in_memory_are_found_by_their_beginning_however_many_there_are() -> None:
    words = [f"w{number:x}" for number in range(3 * UNSORTED)]
    corpus = empty_corpus(EVERYONE)
    for number in range(0, len(words), 7):
        corpus.add(analyse(document(number, " ".join(words[number : number + 7]))))
        if number % 5 == 0:
            corpus.terms(TEXT, "w1")  # asked while there is more to come
    terms = corpus.terms(TEXT, "w1")
    assert terms == sorted(set(terms))
    assert {word for word in words if word.startswith("w1")} <= set(terms)
    (run,) = corpus.slices(TEXT, "w1")
    assert list(run.texts()) == terms
    lists = [corpus.postings(TEXT, term).documents.tolist() for term in terms]
    assert np.split(run.documents, run.starts[1:-1])[3].tolist() == lists[3]
    assert run.documents.tolist() == [number for found in lists for number in found]


def test_an_array_that_grew_leaves_what_was_taken_from_it() -> None:
    growing: Growing[np.int64] = Growing(np.int64)
    growing.append(1)
    taken = growing.view()
    growing.extend(np.arange(3 * ROOM))
    growing.append(9)
    assert taken.tolist() == [1]
    assert growing.view()[-1] == 9
    assert len(growing) == 3 * ROOM + 2
    copy = growing.first(1)
    copy.append(5)
    assert growing.view()[1] == 0


@given(
    st.lists(st.integers(0, 6), max_size=40),
    st.lists(st.integers(1, SMALLEST * 2), min_size=1, max_size=PARTS + 3),
)
def test_everybodys_documents_are_those_with_their_code_however_the_row_grew(
    pattern: list[int], steps: list[int]
) -> None:
    codes = np.resize(np.array(pattern or [3], np.int32), sum(steps))
    turned = Transposed(lambda start, end: (np.arange(start, end), codes[start:end]))
    size = 0
    for step in steps:
        size += step
        expected = defaultdict(list)
        for number, code in enumerate(codes[:size].tolist()):
            expected[code].append(number)
        assert all(turned.documents(code, size).tolist() == expected[code] for code in range(9))
    kept = turned.first(lambda start, end: (np.arange(start, end), codes[start:end]), steps[0])
    assert kept.documents(3, steps[0]).tolist() == np.flatnonzero(codes[: steps[0]] == 3).tolist()


def test_a_state_without_segments_follows_one_with_memory() -> None:
    corpus = in_memory("kafka", "lag")
    fresh = corpus_of((), corpus)
    assert fresh.size == fresh.documents == fresh.public_documents == 0
    assert fresh.postings(TEXT, "kafka").documents.tolist() == []
    assert corpus.documents == 2
