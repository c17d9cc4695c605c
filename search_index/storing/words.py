"""The words of documents: the matrix read the other way round, document by document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import overload

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import tokens
from search_index.flat.segment import Segment
from search_index.storing.corpus import Corpus
from search_index.storing.parts import Part
from search_index.storing.schema import TEXT

Numbers = NDArray[np.int64]

_NOTHING = (np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct terms of some documents: `rows` are places among the documents that were asked about, and
    `codes` say which of `terms` stands there; each pair once."""

    terms: Sequence[str]
    rows: Numbers
    codes: Numbers

    def counts(self) -> Numbers:
        """In how many of the documents each term stands."""
        return np.bincount(self.codes, minlength=len(self.terms)).astype(np.int64)

    def finder(self) -> "Callable[[int], Numbers]":
        """A function that gives the rising places of a term's documents by its code."""
        order = np.lexsort((self.rows, self.codes))
        rows = self.rows[order]
        starts = np.searchsorted(self.codes[order], np.arange(len(self.terms) + 1))
        return lambda code: rows[starts[code] : starts[code + 1]]


class _StoredTerms(Sequence[str]):
    """Terms of one segment by their numbers, read when they are asked for."""

    def __init__(self, part: Part, numbers: Numbers) -> None:
        self._part = part
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return _StoredTerms(self._part, self._numbers[place])
        number = int(self._numbers[place])
        return self._part.read(lambda segment: segment.text_of(number), "")


def words_of(corpus: Corpus, documents: Numbers) -> Words:
    """`documents` are rising. Where all of them lie in one segment, only terms that are looked at are read."""
    known: dict[str, int] = {}
    rows: list[Numbers] = []
    codes: list[Numbers] = []
    for part in corpus.parts:
        begin, end = np.searchsorted(documents, (part.start, part.end)).tolist()
        if begin < end:
            places, numbers = part.read(partial(_stored, documents=documents[begin:end] - part.start), _NOTHING)
            distinct, where = np.unique(numbers, return_inverse=True)
            if end - begin == len(documents):
                return Words(_StoredTerms(part, distinct), places, where)
            texts = part.read(partial(_texts, numbers=distinct), None) or [""] * len(distinct)
            rows.append(places + begin)
            codes.append(np.array([known.setdefault(text, len(known)) for text in texts], np.int64)[where])
    for place in range(int(np.searchsorted(documents, corpus.stored_size)), len(documents)):
        terms = dict.fromkeys(corpus.analysed(int(documents[place])).tokens[TEXT][0])
        rows.append(np.full(len(terms), place, np.int64))
        codes.append(np.array([known.setdefault(term, len(known)) for term in terms], np.int64))
    if not rows:
        return Words([], *_NOTHING)
    return Words(list(known), np.concatenate(rows), np.concatenate(codes))


def words_in(text: str) -> Words:
    """The same of a text that is no document: one row."""
    terms = list(dict.fromkeys(tokens(text)[0]))
    return Words(terms, np.zeros(len(terms), np.int64), np.arange(len(terms)))


def _stored(segment: Segment, documents: Numbers) -> tuple[Numbers, Numbers]:
    """Places among a segment's documents, and the numbers of the terms that stand there."""
    starts = segment.file.whole("pairs.text.starts")
    begins, ends = starts[documents].tolist(), starts[documents + 1].tolist()
    # Document by document: only the blocks under these few are read and checked.
    found = [
        segment.file.part("pairs.text.codes", begin, end)
        for begin, end in zip(begins, ends, strict=True)
        if begin < end
    ]
    if not found:
        return _NOTHING
    places = np.repeat(np.arange(len(documents)), np.array(ends) - np.array(begins))
    return places, np.concatenate(found).astype(np.int64) + segment.terms(TEXT).start


def _texts(segment: Segment, numbers: Numbers) -> list[str]:
    return [segment.text_of(number) for number in numbers.tolist()]
