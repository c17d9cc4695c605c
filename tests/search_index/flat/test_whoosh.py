"""An ordinary Whoosh index over our segments answers as over Whoosh's own, whatever is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from whoosh import fields, query, sorting
from whoosh.codec.base import Codec
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Characters
from whoosh.index import FileIndex
from whoosh.qparser import QueryParser

from search_index.documents import Document
from search_index.flat.as_whoosh.codec import FlatCodec, read_segment
from search_index.flat.as_whoosh.schema import fields_of, make_schema
from search_index.flat.merging import merge
from search_index.flat.segment import open_segment
from search_index.storing.schema import analyse
from tests.search_index.flat.corpora import documents, said_by, stored
from tests.search_index.querying.stock import OwnStorage

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
WORDS = ("alpha", "alfa", "beta", "bets", "gamma", "gam", "delta", "rust", "rest", "zz")
MANY = "so many"
"""Stands for a text with a word more often than a key can count."""

SCHEMA = fields.Schema(
    id=fields.ID(unique=True, stored=True),
    body=fields.TEXT,
    title=fields.TEXT(field_boost=2.0, stored=True),
    spans=fields.FieldType(Characters(), fields.TEXT().analyzer, scorable=True),
    tag=fields.KEYWORD(scorable=True, commas=True),
    number=fields.NUMERIC(sortable=True, signed=True),
    day=fields.DATETIME(sortable=True),
    seen=fields.BOOLEAN(stored=True),
    about=fields.TEXT(vector=True),
)

Row = dict[str, Any]
_line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join) | st.just(MANY)
_row = st.fixed_dictionaries(
    {"body": _line},
    optional={
        "title": _line,
        "spans": _line,
        "tag": st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(",".join),
        "number": st.integers(-50, 50),
        "day": st.integers(0, 40).map(lambda days: START + timedelta(days=days)),
        "seen": st.booleans(),
        "about": _line,
        "_body_boost": st.sampled_from([0.5, 1.0, 3.0]),
    },
)

_field = st.sampled_from(["body", "title", "tag", "spans"])
_word = st.sampled_from([*WORDS, "missing"])
_leaf = st.one_of(
    st.builds(query.Term, _field, _word, boost=st.sampled_from([1.0, 2.5])),
    st.builds(
        query.Phrase,
        st.sampled_from(["body", "title", "spans"]),
        st.lists(_word, min_size=2, max_size=3),
    ),
    st.builds(query.Prefix, _field, st.sampled_from(["a", "al", "b", "r", "x", ""])),
    st.builds(query.Wildcard, _field, st.sampled_from(["a*a", "?ets", "*", "g?m*"])),
    st.builds(query.FuzzyTerm, _field, _word, maxdist=st.integers(1, 2), prefixlength=st.integers(0, 1)),
    st.builds(query.TermRange, _field, st.just("alg"), st.just("gam"), st.booleans(), st.booleans()),
    st.builds(query.NumericRange, st.just("number"), st.integers(-50, 0), st.integers(0, 50)),
    st.builds(lambda days: query.DateRange("day", START, START + timedelta(days=days)), st.integers(0, 40)),
    st.just(query.Every()),
    st.builds(query.Every, st.just("title")),
)
_queries = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.builds(query.And, st.lists(inner, min_size=1, max_size=3)),
        st.builds(query.Or, st.lists(inner, min_size=1, max_size=3)),
        st.builds(query.DisjunctionMax, st.lists(inner, min_size=2, max_size=3)),
        st.builds(query.AndNot, inner, inner),
        st.builds(query.AndMaybe, inner, inner),
        st.builds(query.Require, inner, inner),
        st.builds(query.ConstantScoreQuery, inner, st.just(1.5)),
        st.builds(lambda wanted, unwanted: query.And([wanted, query.Not(unwanted)]), inner, inner),
    ),
    max_leaves=5,
)


@dataclass(frozen=True, slots=True)
class History:
    """Commits: what each adds, which ids it deletes, whether it merges."""

    commits: tuple[tuple[Sequence[Row], Sequence[int], bool], ...]


_histories = st.lists(
    st.tuples(st.lists(_row, min_size=1, max_size=8), st.lists(st.integers(0, 12), max_size=2), st.booleans()),
    min_size=1,
    max_size=3,
).map(lambda commits: History(tuple(commits)))


def _play(history: History, folder: Path, codec: type[Codec]) -> FileIndex:
    folder.mkdir()
    index = FileIndex.create(FileStorage(str(folder)), SCHEMA, "test")
    number = 0
    for rows, deleted, merges in history.commits:
        writer = index.writer(codec=codec())
        for identity in deleted:
            writer.delete_by_term("id", str(identity))
        for row in rows:
            writer.add_document(id=str(number), **{name: _spelt_out(value) for name, value in row.items()})
            number += 1
        writer.commit(optimize=merges, merge=merges)
    return index


def _spelt_out(value: object) -> object:
    return "alpha " * 300 + "beta" if value == MANY else value


def _answers(index: FileIndex, asked: query.Query) -> list[tuple[str, float]]:
    with index.searcher() as searcher:
        return [(hit["id"], hit.score) for hit in searcher.search(asked, limit=None)]


def _stock_answers(index: FileIndex, asked: query.Query) -> list[tuple[str, float]] | None:
    """What stock Whoosh answers on its own files; None where it stumbles itself: its AndNot may ask a list that is at
    its end for its document, and then there is nothing to compare with."""
    try:
        return _answers(index, asked)
    except IndexError:
        return None


@given(_histories, st.lists(_queries, min_size=1, max_size=8))
@settings(deadline=None, phases=[Phase.explicit, Phase.generate], max_examples=20)
def test_every_query_finds_the_same_documents_with_the_same_scores(history: History, asked: list[query.Query]) -> None:
    with TemporaryDirectory() as folder:
        ours = _play(history, Path(folder) / "ours", FlatCodec)
        theirs = _play(history, Path(folder) / "theirs", W3Codec)
        for one in asked:
            expected = _stock_answers(theirs, one)
            if expected is None:
                continue
            assert _answers(ours, one) == expected, one
            with ours.searcher() as a, theirs.searcher() as b:
                best = [hit.score for hit in a.search(one, limit=3, optimize=False)]
                assert best == [hit.score for hit in b.search(one, limit=3, optimize=False)]


@given(_histories)
@settings(deadline=None, phases=[Phase.explicit, Phase.generate], max_examples=12)
def test_readers_say_the_same(history: History) -> None:
    with TemporaryDirectory() as folder:
        ours = _play(history, Path(folder) / "ours", FlatCodec).reader()
        theirs = _play(history, Path(folder) / "theirs", W3Codec).reader()
        assert list(ours.all_terms()) == list(theirs.all_terms())
        assert list(ours.iter_docs()) == list(theirs.iter_docs())
        for field, text in theirs.all_terms():
            a, b = ours.term_info(field, text), theirs.term_info(field, text)
            assert (a.weight(), a.doc_frequency()) == (b.weight(), b.doc_frequency())
            assert (a.max_weight(), a.min_id(), a.max_id()) == (b.max_weight(), b.min_id(), b.max_id())
            assert _walk(ours.postings(field, text)) == _walk(theirs.postings(field, text))
        for field in ("body", "title", "tag"):
            assert ours.field_length(field) == theirs.field_length(field)
            assert list(ours.terms_within(field, "alpha", 1)) == list(theirs.terms_within(field, "alpha", 1))
            assert list(ours.expand_prefix(field, "be")) == list(theirs.expand_prefix(field, "be"))
        for number in theirs.all_doc_ids():
            assert ours.has_vector(number, "about") == theirs.has_vector(number, "about")
            if theirs.has_vector(number, "about"):
                assert list(ours.vector_as("positions", number, "about")) == list(
                    theirs.vector_as("positions", number, "about")
                )


def _walk(matcher: Any) -> list[tuple[int, float, object]]:
    seen = []
    while matcher.is_active():
        positions = matcher.value_as("positions") if matcher.supports("positions") else None
        seen.append((matcher.id(), matcher.weight(), positions))
        matcher.next()
    return seen


@given(_histories)
@settings(deadline=None, phases=[Phase.explicit, Phase.generate], max_examples=20)
def test_hits_are_sorted_by_columns_as_whoosh_sorts_them(history: History) -> None:
    with TemporaryDirectory() as folder:
        found = []
        for name, codec in (("ours", FlatCodec), ("theirs", W3Codec)):
            with _play(history, Path(folder) / name, codec).searcher() as searcher:
                keys = [sorting.FieldFacet("number"), sorting.FieldFacet("day", reverse=True)]
                found.append([hit["id"] for hit in searcher.search(query.Every(), sortedby=keys, limit=None)])
        assert found[0] == found[1]


def test_an_index_in_memory_works_too() -> None:
    index = FileIndex.create(OwnStorage(), SCHEMA, "test")
    writer = index.writer(codec=FlatCodec())
    writer.add_document(id="1", body="alpha beta")
    writer.commit()
    with index.searcher() as searcher:
        assert [hit["id"] for hit in searcher.search(QueryParser("body", SCHEMA).parse('"alpha beta"'))] == ["1"]


def test_a_cancelled_writer_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = FileIndex.create(FileStorage(str(tmp_path)), SCHEMA, "test")
    writer = index.writer(codec=FlatCodec())
    writer.add_document(id="1", body="alpha beta")
    writer.cancel()
    assert index.doc_count() == 0


@given(documents())
@settings(deadline=None, phases=[Phase.explicit, Phase.generate], max_examples=20)
def test_an_inverted_segment_equals_one_that_whoosh_wrote(given_documents: list[Document]) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        index = _whoosh_index(folder, given_documents)
        (record,) = index._segments()
        assert said_by(read_segment(index.storage, record)) == said_by(stored(folder, given_documents))


def _whoosh_index(folder: Path, given_documents: list[Document]) -> FileIndex:
    index = FileIndex.create(FileStorage(str(folder)), make_schema(), "couth")
    writer = index.writer(codec=FlatCodec())
    for document in given_documents:
        writer.add_document(**fields_of(analyse(document)))
    writer.commit()
    return index


@given(documents(), documents())
@settings(deadline=None, phases=[Phase.explicit, Phase.generate], max_examples=20)
def test_what_whoosh_wrote_is_merged_with_what_we_inverted(first: list[Document], second: list[Document]) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        index = _whoosh_index(folder, first)
        written = read_segment(index.storage, index._segments()[0])
        inverted = stored(folder, second)
        name = merge([(segment, np.ones(segment.size, np.bool_)) for segment in (written, inverted)], folder)
        assert name is not None
        assert said_by(open_segment(folder, name)) == said_by(stored(folder, [*first, *second]))


def test_a_segment_of_another_schema_is_not_merged_by_us(tmp_path: Path) -> None:
    index = FileIndex.create(FileStorage(str(tmp_path)), SCHEMA, "test")
    writer = index.writer(codec=FlatCodec())
    writer.add_document(id="1", body="alpha beta")
    writer.commit()
    segment = read_segment(index.storage, index._segments()[0])
    with pytest.raises(ValueError, match="Whoosh writer"):
        merge([(segment, np.ones(1, np.bool_))], tmp_path)
