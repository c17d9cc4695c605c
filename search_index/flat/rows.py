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
    places = np.repeat(starts - starts_of(counts), counts)
    places += np.arange(len(places))
    return places
