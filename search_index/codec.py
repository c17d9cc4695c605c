"""Whoosh's own codec and file format, read and written a whole posting list at a time.

Whoosh walks a list one posting per Python call. Ranking people needs the list whole, so the matcher and the
writers gain one method each that takes the list as an array; the bytes on the disk stay those of the stock
codec.
"""

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter

Postings = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Document numbers in rising order, and how often the term stands in each."""

NOTHING: Postings = (np.empty(0, np.int64), np.empty(0, np.float64))


class WholeListMatcher(W3LeafMatcher):  # type: ignore[misc]  # Whoosh carries no types
    def whole(self) -> Postings:
        ids: list[NDArray[np.int64]] = []
        counts: list[NDArray[np.float64]] = []
        while True:
            self._read_data()
            steps, weights, _ = self._data
            size = self._blocklength
            ids.append(np.cumsum(np.fromiter(steps, np.int64, size)))
            if weights is None:
                counts.append(np.ones(size))
            elif isinstance(weights, float):
                counts.append(np.full(size, weights))
            else:
                counts.append(np.fromiter(weights, np.float64, size))
            if self._lastblock:
                return np.concatenate(ids), np.concatenate(counts)
            self._next_block()


class WholeListWriter(W3PostingsWriter):  # type: ignore[misc]  # Whoosh carries no types
    def add_postings(self, ids: "array[int]", counts: "array[float]") -> None:
        """The same blocks as one `add_posting` per document; our fields keep no values and no lengths."""
        for start in range(0, len(ids), self._blocklimit):
            if self._ids:
                self._write_block()
            self._ids.extend(ids[start : start + self._blocklimit])
            self._weights.extend(counts[start : start + self._blocklimit])
            self._maxweight = max(self._weights)


class WholeListFieldWriter(W3FieldWriter):  # type: ignore[misc]  # Whoosh carries no types
    def add_term(self, term: str, ids: "array[int]", counts: "array[float]") -> None:
        self.start_term(term.encode())
        self._postwriter.add_postings(ids, counts)
        self.finish_term()


class WholeListCodec(W3Codec):  # type: ignore[misc]  # Whoosh carries no types
    def field_writer(self, storage: Any, segment: Any) -> WholeListFieldWriter:
        return WholeListFieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> WholeListWriter:
        # Nothing is inlined: one way to read a list is enough.
        return WholeListWriter(dbfile, self._blocklimit, byteids, self._compression, inlinelimit=0)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> WholeListMatcher:
        offset, length = terminfo.extent()
        return WholeListMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)
