"""A stored segment's place in the row of all documents."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.damage import DamagedError
from search_index.flat.postings import NO_POSTINGS, Postings
from search_index.flat.segment import Segment
from search_index.storing.schema import TEXT

Ids = NDArray[np.int64]
Gathered = tuple[Ids, NDArray[np.uint16], Ids]
"""Documents, impact keys, and to which of some terms each posting belongs."""

NOTHING_GATHERED: Gathered = (np.empty(0, np.int64), np.empty(0, np.uint16), np.empty(0, np.int64))

T = TypeVar("T")


class OpenSegment:
    """A segment that this process has open; `problem` is set when bytes of it turned out to be damaged."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.problem: str | None = None

    @property
    def name(self) -> str:
        return self.segment.name

    def check(self) -> None:
        """Read every byte and note a problem."""
        try:
            self.segment.check()
        except DamagedError as error:
            self.note(error)

    def note(self, error: DamagedError) -> None:
        self.problem = f"segment {self.name} cannot be read: {error}"


class Part:
    """Its documents are those from `start` up to `end`; numbers here are those of the row."""

    def __init__(self, opened: OpenSegment, start: int) -> None:
        self.opened = opened
        self.segment = opened.segment
        self.start = start
        self.end = start + opened.segment.size

    def read(self, how: Callable[[Segment], T], otherwise: T) -> T:
        """What the segment says; `otherwise`, with the problem noted, when it is damaged there."""
        try:
            return how(self.segment)
        except DamagedError as error:
            self.opened.note(error)
            return otherwise

    def postings(self, field: str, term: str) -> Postings:
        try:  # as `read` does it, for what a question asks most
            number = self.segment.term(field, term)
            return NO_POSTINGS if number is None else self.segment.postings(number, self.start)
        except DamagedError as error:
            self.opened.note(error)
            return NO_POSTINGS

    def gathered(self, field: str, terms: Sequence[str]) -> Gathered:
        """The posting lists of these terms in a row, and which of the terms each posting belongs to; frequencies above
        255 count as 255."""

        def read(segment: Segment) -> Gathered:
            known = [(at, number) for at, term in enumerate(terms) if (number := segment.term(field, term)) is not None]
            if not known:
                return NOTHING_GATHERED
            places, numbers = np.array(known, np.int64).T
            documents, keys, starts = segment.gather(numbers, self.start)
            return documents, keys, np.repeat(places, np.diff(starts, append=len(documents)))

        return self.read(read, NOTHING_GATHERED)

    def frequency(self, field: str, term: str) -> int:
        try:
            number = self.segment.term(field, term)
            return 0 if number is None else self.segment.frequency(number)
        except DamagedError as error:
            self.opened.note(error)
            return 0

    def some_documents(self, field: str, term: str, first: int, most: int) -> Ids:
        def read(segment: Segment) -> Ids:
            number = segment.term(field, term)
            return nothing if number is None else segment.some_documents(number, first, most, self.start)

        nothing = np.empty(0, np.int64)
        return self.read(read, nothing)

    def positions(self, field: str, term: str, documents: Ids) -> tuple[Ids, Ids]:
        """Of documents here that hold the term; no positions at all where they cannot be read."""

        def read(segment: Segment) -> tuple[Ids, Ids]:
            number = segment.term(field, term)
            if number is None:
                return nothing
            return segment.positions(number, segment.places(number, documents - self.start))

        nothing = np.empty(0, np.int64), np.zeros(len(documents), np.int64)
        return self.read(read, nothing)

    def positions_at(self, field: str, term: str, at: Ids) -> tuple[Ids, Ids]:
        """The same for places in the term's posting list here."""

        def read(segment: Segment) -> tuple[Ids, Ids]:
            number = segment.term(field, term)
            return nothing if number is None else segment.positions(number, at)

        nothing = np.empty(0, np.int64), np.zeros(len(at), np.int64)
        return self.read(read, nothing)

    def ids_of(self, documents: Ids) -> list[str]:
        """Empty where they cannot be read."""
        return self.read(lambda segment: segment.ids_of(documents - self.start), [""] * len(documents))

    def number_of(self, document_id: str) -> int | None:
        found = self.read(lambda segment: segment.number_of(document_id), None)
        return None if found is None else found + self.start

    def containing(self, field: str, text: str, limit: int) -> list[str]:
        def read(segment: Segment) -> list[str]:
            return [segment.text_of(term) for term in segment.containing(field, text, limit)]

        return self.read(read, [])

    def words_of(self, number: int) -> list[str]:
        """The distinct terms of a document's text."""

        def read(segment: Segment) -> list[str]:
            first = segment.terms(TEXT).start
            return [segment.text_of(first + code) for code in segment.codes_of(TEXT, number - self.start)]

        return self.read(read, [])
