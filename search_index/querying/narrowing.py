"""The filters of a search: of each, which of the found documents pass it."""

from collections.abc import Callable
from functools import reduce

import numpy as np

from search_index.documents import FOR_ALL
from search_index.hits import Facet, SearchQuery
from search_index.querying.lists.combining import member
from search_index.querying.lists.matches import NO_IDS, Ids
from search_index.querying.lists.scratch import Flags
from search_index.storing.corpus import Corpus
from search_index.storing.schema import LABEL, label, milliseconds


class Narrowing:
    """One search's filters over the documents that its words found. Each is asked once, and only if it is set.

    `size` is the number of documents when the question began.
    """

    def __init__(self, corpus: Corpus, size: int, query: SearchQuery, documents: Ids) -> None:
        self._corpus = corpus
        self._size = size
        self._query = query
        self._documents = documents
        self._passed = {facet: passes() for facet, passes in self._set().items()}

    def without(self, facet: Facet | None = None) -> Ids:
        """Documents that pass all filters; the one on `facet` left out."""
        masks = [mask for name, mask in self._passed.items() if name != facet]
        if not masks:
            return self._documents
        return self._documents.compress(reduce(np.logical_and, masks))

    def places(self) -> Ids | None:
        """Where the documents stand that pass all filters; None when there is none."""
        return np.flatnonzero(reduce(np.logical_and, self._passed.values())) if self._passed else None

    def _set(self) -> dict[Facet | str, Callable[[], Flags]]:
        query = self._query
        passes: dict[Facet | str, Callable[[], Flags]] = {}
        if query.kinds:
            passes[Facet.KIND] = self._kinds
        if query.authors:
            passes[Facet.AUTHOR] = self._authors
        if query.without:
            passes["without"] = self._without
        if query.topics:
            passes[Facet.TOPIC] = self._topics
        if query.within:
            passes[Facet.AUDIENCE] = self._within
        if query.has:
            passes["has"] = self._has
        if query.since is not None or query.until is not None:
            passes[Facet.YEAR] = self._time
        return passes

    def _kinds(self) -> Flags:
        return self._coded(self._corpus.kind.view(self._size), self._corpus.kind_names.find(self._query.kinds))

    def _authors(self) -> Flags:
        return self._coded(self._corpus.author.view(self._size), self._corpus.people.find(self._query.authors))

    def _without(self) -> Flags:
        theirs = self._coded(self._corpus.author.view(self._size), self._corpus.people.find(self._query.without))
        return ~theirs | self._carrying(self._corpus.flag_names.find([FOR_ALL]))

    def _within(self) -> Flags:
        return self._coded(self._corpus.audience.view(self._size), self._corpus.audiences.find(self._query.within))

    def _coded(self, column: "np.ndarray[tuple[int], np.dtype[np.int32]]", codes: list[int]) -> Flags:
        found: Flags = np.isin(column.take(self._documents), codes)
        return found

    def _topics(self) -> Flags:
        passed = np.zeros(len(self._documents), np.bool_)
        for name in {label(topic) for topic in self._query.topics}:
            passed |= member(self._corpus.postings(LABEL, name).documents, self._documents)
        return passed

    def _has(self) -> Flags:
        codes = self._corpus.flag_names.find(self._query.has)
        if len(codes) < len(self._query.has):
            return np.zeros(len(self._documents), np.bool_)
        return self._carrying(codes)

    def _carrying(self, codes: list[int]) -> Flags:
        """Those with all of these flags; none has a flag that there is not."""
        wanted = sum(1 << code for code in codes)
        held: Flags = (self._corpus.flags.view(self._size).take(self._documents) & wanted) == wanted
        return held if codes else np.zeros(len(held), np.bool_)

    def _time(self) -> Flags:
        created = self._corpus.created.view(self._size).take(self._documents)
        inside = np.ones(len(created), np.bool_)
        if self._query.since is not None:
            inside &= created >= milliseconds(self._query.since)
        if self._query.until is not None:
            inside &= created < milliseconds(self._query.until)
        return inside


def everything_narrowed(corpus: Corpus, query: SearchQuery, everything: Callable[[], Ids]) -> Ids:
    """For a search without words: as few documents as the filters say at once, rising; hidden ones may be among
    them. A facet is counted without its own filter, so what is counted is not cut short here."""
    if query.authors and Facet.AUTHOR not in query.facets:
        return _union([corpus.documents_of(code) for code in corpus.people.find(query.authors)])
    if query.topics and Facet.TOPIC not in query.facets:
        return _union([corpus.postings(LABEL, name).documents for name in {label(topic) for topic in query.topics}])
    return everything()


def _union(rows: list[Ids]) -> Ids:
    if len(rows) < 2:
        return rows[0] if rows else NO_IDS
    together = np.sort(np.concatenate(rows))
    first = np.ones(len(together), np.bool_)
    np.not_equal(together[1:], together[:-1], out=first[1:])
    return together.compress(first)
