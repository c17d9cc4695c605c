"""Several values per document: its labels, the people it mentions."""

import numpy as np
from numpy.typing import NDArray

from search_index.storing.arrays.growing import Growing

Ids = NDArray[np.int64]


class Pairs:
    """The codes of document n stand from `starts[n]` to `starts[n + 1]`."""

    def __init__(self) -> None:
        self._starts: Growing[np.int64] = Growing(np.int64)
        self._codes: Growing[np.int32] = Growing(np.int32)
        self._starts.append(0)

    @property
    def documents(self) -> int:
        return self._starts.size - 1

    def append(self, codes: list[int]) -> None:
        """Of the next document."""
        for code in codes:
            self._codes.append(code)
        self._starts.append(self._codes.size)

    def extend(self, starts: Ids, codes: NDArray[np.int32]) -> None:
        """Of a segment's documents, in its own form."""
        end = self._codes.size
        self._codes.extend(codes)
        self._starts.extend(starts[1:] + end)

    def first(self, documents: int, *, more: int) -> "Pairs":
        """A copy for the first documents that grows on its own, with room for so many more."""
        copy = Pairs()
        copy._starts = self._starts.first(documents + 1, more=more)
        copy._codes = self._codes.first(int(self._starts.view()[documents]))
        return copy

    def of(self, documents: Ids) -> tuple[Ids, NDArray[np.int32]]:
        """`rows` and `codes`: codes[i] belongs to documents[rows[i]]. Rows rise."""
        starts = self._starts.view()
        first = starts[documents]
        counts = starts[documents + 1] - first
        rows = np.repeat(np.arange(len(documents)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return rows, self._codes.view()[np.repeat(first, counts) + within]

    def span(self, start: int, end: int) -> tuple[Ids, NDArray[np.int32]]:
        """Documents and codes of all pairs of the documents from `start` up to `end`."""
        starts = self._starts.view()[start : end + 1]
        documents = np.repeat(np.arange(start, end), np.diff(starts))
        return documents, self._codes.view()[starts[0] : starts[-1]]
