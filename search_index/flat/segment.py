"""One stored segment: documents numbered from 0, their terms, columns and ids, all read from mapped arrays.

A segment never changes and holds no lock; deletions are kept outside of it. Everything raises DamagedError
when the bytes under it are not as they were written.
"""

from bisect import bisect_left
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from search_index.flat.array_file import ArrayFile, open_file
from search_index.flat.dictionary import Dictionary, as_bytes, as_text
from search_index.flat.identity import tie
from search_index.flat.postings import Postings, StoredPostings
from search_index.flat.rows import indexes, starts_of
from search_index.flat.strings import Strings

Integers = NDArray[np.int64]
Keys = NDArray[np.uint16]
SUFFIX = ".flat"
DEAR_SEARCH = 6
"""To bisect one document costs as much as to mark so many."""

_NO_DOCUMENTS = np.empty(0, np.int64)


class Segment:
    """`term` numbers count over all fields; a field's terms, and those of a prefix, are one run of them in
    the order of their UTF-8 bytes, and so are their postings."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.name = name
        self.file = file
        self.size = int(file.facts["size"])
        self.dictionary = Dictionary(file)

    # -- terms

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have terms, in alphabetical order."""
        return self.dictionary.fields

    def term(self, field: str, text: str) -> int | None:
        """Its number; None when no document here holds it."""
        return self.dictionary.number(field, as_bytes(text))

    def terms(self, field: str, prefix: str = "") -> range:
        """The numbers of all terms that begin so, alphabetical."""
        return self.dictionary.run(field, as_bytes(prefix))

    def text_of(self, number: int) -> str:
        return as_text(self.dictionary.text(number))

    def texts_of(self, numbers: range) -> list[str]:
        """Many neighbours at once, cheaper than one by one."""
        return [as_text(text) for text in self.dictionary.texts(numbers)]

    def containing(self, field: str, part: str, limit: int | None = None) -> list[int]:
        """The terms that hold this string anywhere, the first `limit` of them."""
        return self.dictionary.containing(field, as_bytes(part), limit)

    # -- postings

    def frequencies(self, numbers: range) -> Integers:
        """In how many documents each of these neighbouring terms stands, dead ones included."""
        starts = self._starts[numbers.start : numbers.stop + 1] if numbers else np.empty(0, np.int64)
        return np.diff(starts).astype(np.int64)

    def frequency(self, number: int) -> int:
        """The same of one."""
        begin, end = self._extent(number, number + 1)
        return end - begin

    def postings(self, number: int, start: int = 0) -> Postings:
        """A term's postings; `start` is added to the document numbers (for a row of several segments)."""
        begin, end = self._extent(number, number + 1)
        stored = self.file.part("posting.document", begin, end)
        return StoredPostings(stored, start, self.file.part("posting.key", begin, end), self._wide(begin, end))

    def some_documents(self, number: int, first: int, most: int, start: int = 0) -> Integers:
        """Of a term's documents those from the `first` on, at most so many."""
        begin, end = self._extent(number, number + 1)
        begin = min(begin + first, end)
        found: Integers = np.add(
            self.file.part("posting.document", begin, min(begin + most, end)), start, dtype=np.int64
        )
        return found

    def run(self, numbers: range, start: int = 0) -> tuple[Integers, Keys, Integers]:
        """Documents and keys of neighbouring terms as one slice each, and where each term begins in them."""
        begin, end = self._extent(numbers.start, numbers.stop)
        return *self._slice(begin, end, start), self._starts[numbers.start : numbers.stop].astype(np.int64) - begin

    def gather(self, numbers: Integers, start: int = 0) -> tuple[Integers, Keys, Integers]:
        """The same for terms that are no neighbours."""
        begins = self._starts[numbers].astype(np.int64)
        counts = self._starts[numbers + 1] - begins
        documents = self.file.touch_all("posting.document", begins, begins + counts)
        keys = self.file.touch_all("posting.key", begins, begins + counts)
        at = indexes(begins, counts)
        return np.add(documents.take(at), start, dtype=np.int64), keys.take(at), starts_of(counts)

    def places(self, number: int, documents: Integers) -> Integers:
        """Which of a term's postings are those of these documents (rising), that hold it."""
        held = self.file.part("posting.document", *self._extent(number, number + 1))
        if len(documents) * DEAR_SEARCH < len(held):
            return np.searchsorted(held, documents.astype(held.dtype))
        wanted = np.zeros(self.size, np.bool_)
        wanted[documents] = True
        return np.flatnonzero(wanted.take(held))

    def positions(self, number: int, at: Integers) -> tuple[Integers, Integers]:
        """Where a term stands in some of its documents.

        `at` are indexes into its postings. The positions of all of them in a row, and the cumulative count up
        to and with each.
        """
        begin, end = self._extent(number, number + 1)
        bounds = self.file.touch("posting.positions", begin, end + 1)
        flat = self.file.touch("position", int(bounds[begin]), int(bounds[end]))
        here = at + begin
        starts = bounds.take(here)
        here += 1
        counts = bounds.take(here) - starts
        ends: Integers = np.cumsum(counts, dtype=np.int64)
        if len(ends) and ends[-1] != len(ends):  # else each stands once, and the starts are the places
            starts = indexes(starts, counts)
        return flat.take(starts).astype(np.int64), ends

    # -- whole runs, for merging

    def stored_texts(self, numbers: range) -> list[bytes]:
        """The texts of neighbouring terms as they are stored."""
        return self.dictionary.texts(numbers)

    def exact_frequencies(self, numbers: range, keys: Keys) -> NDArray[np.float64]:
        """Of the postings of neighbouring terms, whose keys these are."""
        return Postings(_NO_DOCUMENTS, keys, self._wide(*self._extent(numbers.start, numbers.stop))).frequencies()

    def all_positions(self, numbers: range) -> tuple[Integers, NDArray[Any]]:
        """Of the postings of neighbouring terms: where each one's positions begin (one more for the end), and
        all of them in a row."""
        begin, end = self._extent(numbers.start, numbers.stop)
        bounds = self.file.part("posting.positions", begin, end + 1).astype(np.int64)
        return bounds - bounds[0], self.file.part("position", int(bounds[0]), int(bounds[-1]))

    def postings_before(self, number: int) -> int:
        """How many postings all terms before this one have."""
        return self._bounds[number]

    # -- documents

    def column(self, name: str) -> NDArray[Any]:
        """One value per document: "author", "audience", "kind" as codes into `table`; "created"
        (milliseconds), "tie"; "length.text" and so on, the exact number of terms in a field."""
        return self.file.whole(f"column.{name}")

    def table(self, name: str) -> Integers:
        """The ids that the codes of a column ("author", "audience": rising) or of pairs ("mention") stand
        for."""
        if name in self.fields or f"table.{name}" not in self.file:
            return np.fromiter(map(int, self.stored_texts(self.terms(name))), np.int64)
        return self.file.whole(f"table.{name}").astype(np.int64)

    def names(self, name: str) -> list[str]:
        """The words that codes stand for: "kind", "label", "flag", alphabetical."""
        listed = self.file.facts["names"].get(name)
        return list(listed) if listed is not None else self.texts_of(self.terms(name))

    def pairs(self, name: str) -> tuple[Integers, Integers]:
        """Several values per document ("label", "mention", "flag"): document d has the codes from starts[d]
        to starts[d + 1], rising."""
        starts, codes = self.file.whole(f"pairs.{name}.starts"), self.file.whole(f"pairs.{name}.codes")
        return starts.astype(np.int64), codes.astype(np.int64)

    def codes_of(self, name: str, number: int) -> Integers:
        """The codes of one document among `pairs`."""
        begin, end = self.file.part(f"pairs.{name}.starts", number, number + 2).tolist()
        return self.file.part(f"pairs.{name}.codes", begin, end).astype(np.int64)

    def id_of(self, number: int) -> str:
        return self._ids.text(number).decode()

    def ids_of(self, numbers: Integers) -> list[str]:
        text = self._ids.text
        return [text(number).decode() for number in numbers.tolist()]

    def number_of(self, document_id: str) -> int | None:
        order, ties = self._order
        wanted = tie(document_id)
        at = bisect_left(order, wanted, key=ties.__getitem__)
        while at < self.size and ties[order[at]] == wanted:
            if self.id_of(order[at]) == document_id:
                return order[at]
            at += 1
        return None

    def check(self) -> None:
        """Read every byte; DamagedError when one is not as it was written."""
        self.file.check()

    @cached_property
    def _order(self) -> "tuple[memoryview[int], memoryview[int]]":
        """The documents by their ties, and the ties by document. Views are searched in place; numpy would copy
        the order with every search."""
        return self.file.whole("id.order").data, self.column("tie").data

    @cached_property
    def _starts(self) -> NDArray[np.uint32]:
        """Where each term's postings begin; one more for the end."""
        return self.file.whole("term.postings")

    @cached_property
    def _bounds(self) -> "memoryview[int]":
        """The same, for single numbers."""
        return self._starts.data

    @cached_property
    def _ids(self) -> Strings:
        return Strings(self.file, "id.text", "id.starts")

    def _extent(self, first: int, stop: int) -> tuple[int, int]:
        return self._bounds[first], self._bounds[stop]

    def _slice(self, begin: int, end: int, start: int) -> tuple[Integers, Keys]:
        documents = self.file.part("posting.document", begin, end)
        moved = np.add(documents, start, dtype=np.int64) if start else documents.astype(np.int64)
        return moved, self.file.part("posting.key", begin, end)

    def _wide(self, begin: int, end: int) -> dict[int, float]:
        places, frequencies = self._wides
        if not len(places):
            return {}
        low, high = np.searchsorted(places, (begin, end)).tolist()
        return dict(zip((places[low:high] - begin).tolist(), frequencies[low:high].tolist(), strict=True))

    @cached_property
    def _wides(self) -> tuple[Integers, NDArray[np.float32]]:
        return self.file.whole("wide.posting").astype(np.int64), self.file.whole("wide.frequency")


def new_name() -> str:
    return f"segment-{uuid4().hex[:16]}"


def segment_files(name: str) -> tuple[str, ...]:
    """The files that a segment consists of."""
    return (f"{name}{SUFFIX}",)


def open_segment(folder: Path, name: str) -> Segment:
    """DamagedError when it cannot be believed; FileNotFoundError when it is not there."""
    return Segment(open_file(folder / segment_files(name)[0]), name)
