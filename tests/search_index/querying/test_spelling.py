"""Did you mean: only words that this viewer can find, and nothing of the line is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import Document
from search_index.storing.corpus import Corpus
from tests.search_index.querying.finding import corpus_of, hits
from tests.search_index.writing import document

HIDDEN = 30


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return corpus_of(
        [
            *(document(number, "Kafka consumer migrations from the form") for number in range(12)),
            document(20, "Welding at the Müllabfuhr"),
            document(21, "karka", title="karka"),
            document(30, "kafba secretproject", audience=HIDDEN),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kafak", "kafka"),
        ("Kafak consumer", "Kafka consumer"),
        ("KAFAK", "KAFKA"),
        ("migratoins", "migrations"),
        ('"kafak consumer" OR weldnig -lunch', '"kafka consumer" OR welding -lunch'),
        ("mullabfur", "mullabfuhr"),
        ("kafka", ""),
        ("kafa*", ""),
        ("consumer -kafak", ""),
        ("consumer NOT kafak", ""),
        ("zzzzzz", ""),
        ("kafak1", ""),
        ("secretprojekt", ""),
        ("kafba", "kafka"),
        ('"karka consumer"', '"kafka consumer"'),
        ("", ""),
        ("the", ""),
    ],
)
def test_what_was_probably_meant(corpus: Corpus, typed: str, meant: str) -> None:
    assert hits(corpus, typed).correction == meant


def test_a_word_that_only_a_withdrawn_title_held_is_proposed_by_no_field() -> None:
    def corrected(*written: Document) -> str:
        return hits(corpus_of(written), "kafak").correction

    now = document(0, "", topics=("kafka",))
    assert corrected(document(0, "", title="kafka"), now) == corrected(now) == "kafka"
    assert corrected(document(0, "kafka", audience=HIDDEN), document(1, "lag")) == ""


def test_letters_of_hidden_words_do_not_decide_how_a_word_is_spelled() -> None:
    visible = [document(1, "lag")]
    among = [*visible, document(2, "sss", audience=HIDDEN)]
    assert hits(corpus_of(among), "lagx").correction == hits(corpus_of(visible), "lagx").correction


def test_members_are_offered_the_words_of_their_group(corpus: Corpus) -> None:
    assert hits(corpus, "secretprojekt", frozenset({1, HIDDEN})).correction == "secretproject"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["kafka", "kafra", "kfka", "secret", "lag", "laf"]), max_size=6),
    st.sampled_from(["kafk", "secrte", "lga", "kafra lag"]),
)
def test_hidden_words_change_no_correction(hidden: list[str], typed: str) -> None:
    visible = [document(1, "kafka lag"), document(2, "kafka")]
    without = corpus_of(visible)
    among = corpus_of([*(document(50 + at, word, audience=HIDDEN) for at, word in enumerate(hidden)), *visible])
    assert hits(among, typed) == hits(without, typed)
