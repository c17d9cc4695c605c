"""Topics in words: where a topic's name stands in a text that does not tag it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search_index.relating.matrix import NO_NUMBERS, Matrix
from search_index.relations import Name, Sequenced, Vocabulary
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT
from search_index.storing.words import Words

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

GAP = 3
"""The words of a name stand in their order, each at most so many places after the one before it."""

_ROW = np.int64(1) << 32


def topics_in(corpus: Corpus, documents: Numbers, words: Words, vocabulary: Vocabulary) -> dict[str, Flags]:
    """The topics whose names stand in the words of some documents, each with a flag per document."""
    codes = {term: code for code, term in enumerate(words.terms)}
    find = words.finder()
    found: dict[str, Flags] = {}
    for name, terms in _possible(vocabulary, codes):
        flags = found.get(name.topic)
        if flags is None:
            flags = np.zeros(len(documents), np.bool_)
        rows = find(codes[terms[0]])
        for term in terms[1:]:
            rows = common(rows, find(codes[term]))
        rows = rows[~flags[rows]]
        if len(terms) > 1 and len(rows):
            rows = rows[close_together(corpus, documents[rows], terms)]
        if len(rows):
            flags[rows] = True
            found[name.topic] = flags
    return found


def topics_named(text_words: Words, vocabulary: Vocabulary) -> set[str]:
    """The topics that a short text names, wherever its words stand."""
    codes = {term: code for code, term in enumerate(text_words.terms)}
    return {name.topic for name, _ in _possible(vocabulary, codes)}


def _possible(vocabulary: Vocabulary, codes: dict[str, int]) -> Iterator[tuple[Name, Sequenced]]:
    """Names with a sequence of terms that all stand somewhere in these words."""
    for start in codes:
        for name, terms in vocabulary.starting(start):
            if all(term in codes for term in terms):
                yield name, terms


def common(fewer: Numbers, more: Numbers) -> Numbers:
    """What stands in both of two rising lists."""
    if len(fewer) > len(more):
        fewer, more = more, fewer
    if not len(fewer):
        return fewer
    at = np.searchsorted(more, fewer)
    at[at == len(more)] = 0
    found: Numbers = fewer[more[at] == fewer]
    return found


def together(lists: list[Numbers]) -> Numbers:
    """What stands in any of some rising lists, rising."""
    filled = [one for one in lists if len(one)]
    if len(filled) < 2:
        return filled[0] if filled else NO_NUMBERS
    merged = np.sort(np.concatenate(filled), kind="stable")
    found: Numbers = merged[np.append(True, merged[1:] != merged[:-1])]
    return found


def close_together(corpus: Corpus, documents: Numbers, terms: Sequenced) -> Flags:
    """In which documents, all of which hold the terms, these stand one soon after the other."""
    reached = _places(corpus, documents, terms[0])
    for term in terms[1:]:
        places = _places(corpus, documents, term)
        at = np.searchsorted(places, reached, side="right")
        reached, at = reached[at < len(places)], at[at < len(places)]
        reached = places[at][places[at] - reached <= GAP]
    flags = np.zeros(len(documents), np.bool_)
    flags[reached // _ROW] = True
    return flags


def _places(corpus: Corpus, documents: Numbers, term: str) -> Numbers:
    """Every place where a term stands, as row and position in one rising number."""
    flat, ends = corpus.positions(TEXT, term, documents)
    rows = np.repeat(np.arange(len(documents)), np.diff(ends, prepend=0))
    return rows * _ROW + flat


class Subjects:
    """All documents about a topic, tagged with it or naming it, as one question sees them; found once each."""

    def __init__(self, matrix: Matrix, vocabulary: Vocabulary) -> None:
        self._matrix = matrix
        self._vocabulary = vocabulary
        self._found: dict[str, Numbers] = {}

    def documents(self, topic: str) -> Numbers:
        found = self._found.get(topic)
        if found is None:
            lists = [self._matrix.labelled(label) for label in self._vocabulary.labels_of(topic)]
            named = {terms for name in self._vocabulary.names_of(topic) for terms in name.sequences}
            lists += [self._naming(terms) for terms in sorted(named)]
            found = self._found[topic] = together(lists)
        return found

    def _naming(self, terms: Sequenced) -> Numbers:
        lists = sorted((self._matrix.holding(term) for term in terms), key=len)
        found = lists[0]
        for other in lists[1:]:
            found = common(found, other)
        if len(terms) > 1 and len(found):
            found = found[close_together(self._matrix.corpus, found, terms)]
        return found
