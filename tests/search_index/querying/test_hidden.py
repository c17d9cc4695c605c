"""Whatever is asked in whatever way: documents that a viewer may not read change no byte of the answer."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.documents import Document, Kind
from search_index.hits import Facet, Hits, Order
from search_index.storing.corpus import Corpus
from tests.search_index.querying.finding import corpus_of, hits, stored_corpus_of
from tests.search_index.writing import document

HIDDEN = 30
WORDS = ["kafka", "kafkas", "kafak", "kafkaesque", "lag", "flag", "max_poll_lag", "Müller", "東京タワー", "京都", "ssl"]
ASKED = [
    "kafka",
    "kafka lag ssl flag",
    "kafka lag ssl flag müller max_poll_lag",
    "kafka OR lag OR ssl",
    '"kafka lag"',
    '"lag kafka"~3 OR ssl^2',
    "kaf*",
    "*afk*",
    "l?g -ssl",
    "kafk~",
    "afka",
    "kafkk",
    "京",
    "東京タワー",
    "max_poll_lag",
    "-kafka",
    "k*a OR (lag NOT ssl)",
    "",
]


def documents(audience: int, first: int) -> st.SearchStrategy[list[Document]]:
    one = st.builds(
        document,
        st.integers(first, first + 40),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join),
        author=st.integers(0, 4),
        audience=st.just(audience),
        kind=st.sampled_from([Kind.POST, Kind.COMMENT, Kind.TOPIC, Kind.PERSON]),
        title=st.sampled_from(["", "kafka", "lag of ssl"]),
        topics=st.lists(st.sampled_from(["kafka", "ssl", "ops"]), max_size=2, unique=True).map(tuple),
        day=st.integers(0, 900),
    )
    return st.lists(one, max_size=14, unique_by=lambda made: made.id)


def answers(corpus: Corpus) -> list[Hits]:
    every = frozenset(Facet)
    told = [hits(corpus, text, facets=every, order=order) for text in ASKED for order in Order]
    told += [hits(corpus, text[:length], prefix_last=True) for text in ASKED for length in (1, 2, 4)]
    told += [hits(corpus, text, kinds=frozenset({Kind.POST}), facets=every, limit=2) for text in ASKED]
    return told


@settings(max_examples=25, deadline=None)
@given(documents(1, 0), documents(HIDDEN, 100), st.booleans())
def test_hidden_documents_change_no_byte(visible: list[Document], hidden: list[Document], before: bool) -> None:
    among = corpus_of([*hidden, *visible] if before else [*visible, *hidden])
    assert answers(among) == answers(corpus_of(visible))


@settings(max_examples=10, deadline=None)
@given(documents(1, 0), documents(HIDDEN, 100))
def test_nor_do_they_in_stored_segments(
    tmp_path_factory: pytest.TempPathFactory, visible: list[Document], hidden: list[Document]
) -> None:
    half = len(visible) // 2
    among = stored_corpus_of(tmp_path_factory.mktemp("among"), [visible[:half], hidden], visible[half:])
    assert answers(among) == answers(corpus_of(visible))


@settings(max_examples=10, deadline=None)
@given(documents(1, 0), documents(HIDDEN, 0))
def test_what_was_withdrawn_is_as_if_it_had_never_been(visible: list[Document], moved: list[Document]) -> None:
    ids = {made.id for made in moved}
    corpus = corpus_of([*visible, *(replace(made, audience_id=1) for made in moved), *moved])
    assert answers(corpus) == answers(corpus_of([made for made in visible if made.id not in ids]))
