"""One of the segments that are merged: what is left of it, read piece by piece."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.flat.layout import FIELDS
from search_index.flat.rows import Integers, indexes
from search_index.flat.segment import Segment

POSTINGS = 400_000
"""Postings that are merged at a time, over all segments (some 100 bytes each while they move)."""

FOREIGN = ("whoosh.", "payload.")
"""Arrays in Whoosh's own bytes."""

TERMS = 20_000
DOCUMENTS = 100_000


@dataclass(frozen=True, slots=True)
class LivePostings:
    """Of neighbouring terms, with the numbers that documents have in the new segment."""

    counts: Integers
    documents: NDArray[np.uint32]
    keys: NDArray[np.uint16]
    frequencies: NDArray[np.float32]
    position_counts: NDArray[np.uint32]
    positions: NDArray[Any]


class Source:
    def __init__(self, segment: Segment, live: NDArray[np.bool_], base: int) -> None:
        foreign = [name for name in segment.file.names if name.startswith(FOREIGN)]
        if foreign or not set(segment.fields) <= set(FIELDS):
            raise ValueError(f"segment {segment.name} holds what only a Whoosh writer can take over")
        self.segment = segment
        self.live = live
        self.documents = int(np.count_nonzero(live))
        self._numbers = (np.cumsum(live) - 1 + base).astype(np.uint32)

    @property
    def has_long_texts(self) -> bool:
        return self.segment.file.kind("position").itemsize > 2

    def blocks(self) -> Iterator[range]:
        """All documents, a bounded number at a time."""
        for start in range(0, self.segment.size, DOCUMENTS):
            yield range(start, min(start + DOCUMENTS, self.segment.size))

    def rows(self, starts: str, items: str, block: range) -> tuple[Integers, NDArray[Any]]:
        """Of the living documents of a block: how many items each has in such a pair of arrays, and all of
        them in a row."""
        bounds = self.segment.file.part(starts, block.start, block.stop + 1).astype(np.int64)
        flat = self.segment.file.part(items, int(bounds[0]), int(bounds[-1]))
        live = self.live[block.start : block.stop]
        counts = np.diff(bounds)[live]
        return counts, flat[indexes(bounds[:-1][live] - bounds[0], counts)]

    def postings(self, run: range) -> LivePostings:
        if not run:
            none = np.empty(0, np.uint32)
            return LivePostings(
                np.empty(0, np.int64), none, np.empty(0, np.uint16), np.empty(0, np.float32), none, none
            )
        documents, keys, starts = self.segment.run(run)
        frequencies = self.segment.exact_frequencies(run, keys)
        bounds, flat = self.segment.all_positions(run)
        alive = self.live[documents]
        position_counts = np.diff(bounds)[alive].astype(np.uint32)
        return LivePostings(
            counts=np.add.reduceat(alive, starts, dtype=np.int64),
            documents=self._numbers[documents[alive]],
            keys=keys[alive],
            frequencies=frequencies[alive].astype(np.float32),
            position_counts=position_counts,
            positions=flat[indexes(bounds[:-1][alive], position_counts)],
        )


def aligned_blocks(sources: Sequence[Source], field: str) -> Iterator[tuple[list[bytes], list[tuple[range, Integers]]]]:
    """All terms of a field in order, a bounded number at a time; with each block the part of every source's
    terms that falls into it, and which of the block's terms these are."""
    rest = [source.segment.terms(field) for source in sources]
    while any(rest):
        windows = [_window(source.segment, left, len(sources)) for source, left in zip(sources, rest, strict=True)]
        texts = [source.segment.stored_texts(window) for source, window in zip(sources, windows, strict=True)]
        # A window that does not reach the end of its field may be followed by terms after its last.
        cut = [found[-1] for found, window, left in zip(texts, windows, rest, strict=True) if window != left]
        if cut:
            texts = [found[: bisect_right(found, min(cut))] for found in texts]
        together = sorted(set().union(*texts))
        number = {text: place for place, text in enumerate(together)}
        runs: list[tuple[range, Integers]] = []
        for place, (left, found) in enumerate(zip(rest, texts, strict=True)):
            targets = np.fromiter(map(number.__getitem__, found), np.int64, len(found))
            runs.append((left[: len(found)], targets))
            rest[place] = left[len(found) :]
        yield together, runs


def _window(segment: Segment, left: range, sources: int) -> range:
    """As many of the terms as are surely not too many postings, but one at least."""
    terms = left[:TERMS]
    total = np.cumsum(segment.frequencies(terms))
    return terms[: max(1, int(np.searchsorted(total, POSTINGS // sources, side="right")))]
