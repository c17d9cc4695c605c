"""In which documents a term stands, and what a score needs of each, as whole arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

MOST_FREQUENT = 255
"""The largest frequency a key holds; `Postings.wide` has what is above it."""

LENGTHS: NDArray[np.int64] = np.array([byte_to_length(code) for code in range(256)], np.int64)
"""The length that each of Whoosh's 256 length codes stands for."""


@dataclass(frozen=True, slots=True)
class Postings:
    """One term's documents in rising order.

    `keys` has per document the code of the field's length there, shifted by 8, plus the frequency up to 255:
    a score that rests on both is one gather from a table of 65,536 entries. `wide` corrects the few others:
    index of a posting -> its exact frequency (fractional only where a Whoosh writer's boosts made it so).
    """

    documents: NDArray[np.int64]
    keys: NDArray[np.uint16]
    wide: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def last(self) -> int:
        """The greatest number of a document; there must be one."""
        return int(self.documents[-1])

    def places(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of these documents hold the term, and where each stands, or would stand."""
        at = self.documents.searchsorted(documents)
        if not len(self.keys):
            return np.zeros(len(documents), np.bool_), at
        return self.documents.take(at, mode="clip") == documents, at

    def copy_to(self, row: NDArray[np.int64]) -> None:
        """Write the documents there; it has room for just as many."""
        row[:] = self.documents

    def frequencies(self) -> NDArray[np.float64]:
        """How often the term stands in each document."""
        counts = (self.keys & 0xFF).astype(np.float64)
        for at, frequency in self.wide.items():
            counts[at] = frequency
        return counts


class StoredPostings(Postings):
    """A term's postings as they lie in a segment. Finding a few documents among many needs no more than a few of
    them; `documents` are moved to their place in the row of all documents once somebody asks for them all."""

    __slots__ = ("_moved", "start", "stored")
    stored: NDArray[np.uint32]
    start: int
    _moved: NDArray[np.int64] | None

    def __init__(
        self, stored: NDArray[np.uint32], start: int, keys: NDArray[np.uint16], wide: Mapping[int, float]
    ) -> None:
        for name, value in (("stored", stored), ("start", start), ("keys", keys), ("wide", wide), ("_moved", None)):
            object.__setattr__(self, name, value)

    @property
    def documents(self) -> NDArray[np.int64]:
        moved = self._moved
        if moved is None:
            moved = np.add(self.stored, self.start, dtype=np.int64) if self.start else self.stored.astype(np.int64)
            object.__setattr__(self, "_moved", moved)
        return moved

    @property
    def last(self) -> int:
        return int(self.stored[-1]) + self.start

    def copy_to(self, row: NDArray[np.int64]) -> None:
        if self._moved is None:
            np.add(self.stored, self.start, out=row, dtype=np.int64)
        else:
            row[:] = self._moved

    def places(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        if self._moved is not None:
            return super().places(documents)
        wanted = (documents - self.start if self.start else documents).astype(self.stored.dtype)
        at = self.stored.searchsorted(wanted)
        if not len(self.keys):
            return np.zeros(len(documents), np.bool_), at
        return self.stored.take(at, mode="clip") == wanted, at

    def __len__(self) -> int:
        return len(self.keys)


NO_POSTINGS = Postings(np.empty(0, np.int64), np.empty(0, np.uint16))


def length_codes(lengths: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Whoosh's `length_to_byte` for many lengths: the nearest length above that has a code."""
    codes: NDArray[np.uint16] = np.searchsorted(LENGTHS, np.minimum(lengths, LENGTHS[-1])).astype(np.uint16)
    return codes


def keys_of(codes: NDArray[np.uint16], frequencies: NDArray[Any]) -> NDArray[np.uint16]:
    """The impact keys of postings with these length codes and frequencies."""
    keys = np.left_shift(codes, 8, dtype=np.uint16)
    keys |= np.clip(frequencies, 0, MOST_FREQUENT).astype(np.uint16)
    return keys
