"""Writes the terms of a segment with their postings and positions, in the order in which they are searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import keys_of
from search_index.flat.rows import starts_of
from search_index.flat.writing.array_writer import ArrayWriter

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermBlock:
    """Neighbouring terms of one field: `counts` postings for each of `texts`, then per posting its document,
    the code of the field's length there, the frequency, and how many of `positions` (flat) belong to it."""

    texts: Sequence[bytes]
    counts: Integers
    documents: NDArray[Any]
    length_codes: NDArray[np.uint16]
    frequencies: NDArray[Any]
    position_counts: NDArray[Any]
    positions: NDArray[Any]


class TermWriter:
    """`start` a field (in alphabetical order), `add` its terms (in the order of their bytes), `finish`."""

    def __init__(self, arrays: ArrayWriter, *, long_texts: bool) -> None:
        self._arrays = arrays
        self._position = "<u4" if long_texts else "<u2"
        self._fields: dict[str, list[int]] = {}
        self._terms = self._bytes = self._postings = self._positions = 0

    def start(self, field: str) -> None:
        self._fields[field] = [self._terms, self._terms]

    def add(self, field: str, block: TermBlock) -> None:
        lengths = np.fromiter(map(len, block.texts), np.int64, len(block.texts))
        self._append("term.text", np.frombuffer(b"".join(block.texts), np.uint8), "u1")
        self._append("term.starts", starts_of(lengths, self._bytes), "<u4")
        self._append("term.postings", starts_of(block.counts, self._postings), "<u4")
        self._append("posting.document", block.documents, "<u4")
        self._append("posting.key", self._keys(block), "<u2")
        self._append("posting.positions", starts_of(block.position_counts, self._positions), "<u4")
        self._append("position", block.positions, self._position)
        self._terms += len(block.texts)
        self._bytes += int(lengths.sum())
        self._postings += len(block.documents)
        self._positions += len(block.positions)
        self._fields[field][1] = self._terms

    def finish(self) -> None:
        """Close the open ends; without a single term all arrays are there, and empty."""
        nothing = np.empty(0, np.int64)
        for array, kind in (("term.text", "u1"), ("posting.document", "<u4"), ("posting.key", "<u2")):
            self._append(array, nothing, kind)
        for array, kind in (("position", self._position), ("wide.posting", "<u4"), ("wide.frequency", "<f4")):
            self._append(array, nothing, kind)
        self._append("term.starts", [self._bytes], "<u4")
        self._append("term.postings", [self._postings], "<u4")
        self._append("posting.positions", [self._positions], "<u4")
        self._arrays.facts["fields"] = {name: run for name, run in self._fields.items() if run[0] < run[1]}

    def _keys(self, block: TermBlock) -> NDArray[np.uint16]:
        """Frequencies that a key cannot hold (large, or no whole number) go beside it."""
        keys = keys_of(block.length_codes, block.frequencies)
        wide = np.flatnonzero((keys & 0xFF) != block.frequencies)
        self._append("wide.posting", wide + self._postings, "<u4")
        self._append("wide.frequency", block.frequencies[wide], "<f4")
        return keys

    def _append(self, array: str, values: Any, kind: str) -> None:
        self._arrays.append(array, values, kind)
