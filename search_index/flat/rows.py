"""Arithmetic on things of different lengths that lie in a row."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def starts_of(counts: NDArray[Any], first: int = 0) -> Integers:
    """Where each of them begins."""
    starts = np.cumsum(counts, dtype=np.int64)
    starts -= counts
    starts += first
    return starts


def indexes(starts: NDArray[Any], counts: NDArray[Any]) -> Integers:
    """The places of all items of slices that begin at `starts`, one slice after the other."""
    places: Integers = np.repeat(starts - starts_of(counts), counts)
    places += np.arange(len(places))
    return places


def transposed(counts: Integers, documents: Integers, size: int) -> tuple[Integers, Integers]:
    """Postings the other way round: how many terms each of `size` documents has, and which, document by
    document. `counts` says how many of the documents, in a row, belong to each term."""
    bits = len(counts).bit_length()
    pairs = documents << bits
    pairs |= np.repeat(np.arange(len(counts)), counts)
    pairs.sort()
    return np.bincount(documents, minlength=size), pairs & ((1 << bits) - 1)
