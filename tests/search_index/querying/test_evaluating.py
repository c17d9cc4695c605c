"""The evaluator answers Whoosh's query objects as stock Whoosh does: the same documents, the same scores."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query

from search_index.querying.evaluating import Evaluator
from search_index.querying.language.asking import Beginning, Inside, Near
from tests.search_index.querying.finding import corpus_of, stored_corpus_of
from tests.search_index.querying.stock import both
from tests.search_index.writing import document

EXAMPLES = 40

VOCABULARY = ["kafka", "kafkas", "lag", "lags", "lab", "flag", "consumer", "max_poll_lag", "ssl", "x", "getAddr"]
TERMS = ["kafka", "lag", "lab", "flag", "consum", "max_poll_lag", "max", "poll", "ssl", "addr", "absent"]

texts = st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=9).map(" ".join), min_size=1, max_size=12)
boosts = st.sampled_from([1.0, 1.0, 2.0, 0.5])
words = st.sampled_from(TERMS)
leaves = st.one_of(
    st.builds(lambda text, boost: query.Term("text", text, boost=boost), words, boosts),
    st.builds(
        lambda them, slop, boost: query.Phrase("text", them, slop=slop, boost=boost),
        st.lists(words, min_size=2, max_size=4),
        st.integers(1, 3),
        boosts,
    ),
    st.builds(
        lambda text, boost: query.Prefix("text", text, boost=boost), st.sampled_from(["l", "la", "ka", "z"]), boosts
    ),
    st.builds(
        lambda text: query.Wildcard("text", text), st.sampled_from(["l*g", "?a?", "*la*", "k*", "*poll*", "[lf]*g"])
    ),
    st.builds(
        lambda text, kept: query.FuzzyTerm("text", text, maxdist=1, prefixlength=kept),
        st.sampled_from(["lag", "lga", "kafk", "sl", "flaga"]),
        st.integers(0, 2),
    ),
    st.builds(
        lambda start, end: query.TermRange("text", start, end, endexcl=True),
        st.sampled_from(["a", "la"]),
        st.sampled_from(["lag", "m"]),
    ),
    st.just(query.Every()),
    st.just(query.NullQuery),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts, boost: query.And(parts, boost=boost), st.lists(inner, min_size=1, max_size=3), boosts),
        st.builds(lambda parts, boost: query.Or(parts, boost=boost), st.lists(inner, min_size=1, max_size=3), boosts),
        st.builds(lambda part, other: query.And([part, query.Not(other)]), inner, inner),
        st.builds(query.AndMaybe, inner, inner),
        st.builds(query.ConstantScoreQuery, inner, st.just(3.0)),
        st.builds(query.Not, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts, leaves)
def test_every_kind_of_leaf_scores_as_in_stock_whoosh(written: list[str], node: query.Query) -> None:
    index = both(written)
    assert index.ours(node) == pytest.approx(index.stock(node), rel=1e-9)


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts, nodes)
def test_trees_of_queries_score_as_in_stock_whoosh(written: list[str], node: query.Query) -> None:
    index = both(written)
    assert index.ours(node) == pytest.approx(index.stock(node), rel=1e-9)


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts, leaves, leaves)
def test_and_not_takes_away_what_stock_whoosh_finds(
    written: list[str], wanted: query.Query, unwanted: query.Query
) -> None:
    # Stock Whoosh's own AndNot forgets to look at the first document of the wanted part.
    index = both(written)
    gone = index.stock(unwanted)
    left = {number: score for number, score in index.stock(wanted).items() if number not in gone}
    assert index.ours(query.AndNot(wanted, unwanted)) == pytest.approx(left, rel=1e-9)


loose = st.one_of(
    nodes,
    st.builds(Beginning, st.just("text"), st.sampled_from(["l", "la", "kaf", "z"])),
    st.builds(Inside, st.just("text"), st.sampled_from(["*la*", "?a?", "*oll*"])),
    st.builds(lambda text: Near("text", text, prefixlength=0), st.sampled_from(["lag", "alg", "kafka"])),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(texts, texts, texts, loose)
def test_where_documents_are_kept_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, first: list[str], second: list[str], third: list[str], node: query.Query
) -> None:
    made = [document(number, text) for number, text in enumerate([*first, *second, *third])]
    parts = made[: len(first)], made[len(first) : len(first) + len(second)], made[len(first) + len(second) :]
    stored = stored_corpus_of(tmp_path_factory.mktemp("parts"), parts[:2], parts[2])
    expected, found = (Evaluator(corpus, corpus.allowed([1])).find(node) for corpus in (corpus_of(made), stored))
    assert found.documents.tolist() == expected.documents.tolist()
    assert found.scores().tolist() == pytest.approx(expected.scores().tolist())
