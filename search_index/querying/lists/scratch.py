"""Arrays with a place for every document, kept per thread and cleaned by whoever dirtied them.

Adding up scores by document number needs no sorting, and since only the touched places are reset, a question
costs what it touches, not what the corpus holds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.uint16]


class Scratch:
    """All zero when lent; the borrower makes it so again before returning it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.values: Values = np.zeros(size, np.float64)
        self.flags: Flags = np.zeros(size, np.bool_)
        self.counts: Counts = np.zeros(size, np.uint16)


class _Kept(threading.local):
    free: Scratch | None = None


_KEPT = _Kept()


@contextmanager
def borrowed(size: int) -> Iterator[Scratch]:
    """A scratch of at least this many places. One that is dropped by an error is not used again."""
    kept, _KEPT.free = _KEPT.free, None
    scratch = kept if kept is not None and kept.size >= size else Scratch(size + size // 8)
    yield scratch
    _KEPT.free = scratch
