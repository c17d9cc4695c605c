"""What hits can be counted by. Only documents that the viewer may read come here, so nothing else is counted."""

from collections.abc import Callable, Sequence

import numpy as np

from search_index.hits import Facet
from search_index.querying.lists.matches import Ids
from search_index.querying.selecting import best_places
from search_index.storing.columns import NOBODY_CODE
from search_index.storing.corpus import Corpus

MOST_VALUES = 20

Counted = tuple[tuple[str | int, int], ...]


def count(corpus: Corpus, facet: Facet, documents: Ids) -> Counted:
    """Values and how many of the documents have each, most first, equals by value; at most twenty."""
    if not len(documents):
        return ()
    return _COUNTERS[facet](corpus, documents)


def count_kinds(corpus: Corpus, documents: Ids) -> dict[str, int]:
    """All of them, by name: the order of their codes would tell which kind came into the index first."""
    names = corpus.kind_names.names
    counts = np.bincount(corpus.kind.view().take(documents), minlength=len(names))
    found = {names[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}
    return dict(sorted(found.items()))


def _kinds(corpus: Corpus, documents: Ids) -> Counted:
    return _most(list(count_kinds(corpus, documents).items()))


def _authors(corpus: Corpus, documents: Ids) -> Counted:
    ids = corpus.people.ids()
    counts = np.bincount(corpus.author.view().take(documents))
    return _most([(int(ids[code]), number) for code, number in _greatest(counts) if ids[code] != 0])


def _audiences(corpus: Corpus, documents: Ids) -> Counted:
    ids = corpus.audiences.ids()
    counts = np.bincount(corpus.audience.view().take(documents), minlength=1)
    counts[NOBODY_CODE] = 0  # deleted since the question began
    return _most([(int(ids[code]), number) for code, number in _greatest(counts)])


def _topics(corpus: Corpus, documents: Ids) -> Counted:
    _, codes = corpus.labels_of(documents)
    if not len(codes):
        return ()
    names = corpus.label_names.names
    return _most([(names[code], number) for code, number in _greatest(np.bincount(codes))])


def _years(corpus: Corpus, documents: Ids) -> Counted:
    years = corpus.created.view().take(documents).astype("datetime64[ms]").astype("datetime64[Y]").astype(np.int64)
    first = int(years.min())
    counts = np.bincount(years - first)
    return _most([(1970 + first + offset, number) for offset, number in _greatest(counts)])


def _greatest(counts: Ids) -> list[tuple[int, int]]:
    """Codes with the greatest counts: enough for the facet, one more for what does not count, and their equals."""
    places = best_places(counts, MOST_VALUES + 1)
    return [(code, int(counts[code])) for code in places.tolist() if counts[code]]


def _most(counted: Sequence[tuple[str | int, int]]) -> Counted:
    return tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES])


_COUNTERS: dict[Facet, Callable[[Corpus, Ids], Counted]] = {
    Facet.KIND: _kinds,
    Facet.AUTHOR: _authors,
    Facet.TOPIC: _topics,
    Facet.AUDIENCE: _audiences,
    Facet.YEAR: _years,
}
