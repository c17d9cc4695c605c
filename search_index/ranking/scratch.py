"""Arrays of the corpus's size that are zero whenever nobody holds them.

A question adds up numbers for the documents that it touches and reads nothing else, so clearing costs what was
touched. What was held goes back on a shelf for the next question: memory follows the questions that run at
once, not the threads that ever asked.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Documents = NDArray[np.int64]

HEADROOM = 1.1
"""A new array has room for a growing corpus."""

KEPT = 4
"""Arrays on the shelf; taking and putting back are single steps that any thread may do."""

_shelf: deque[Values] = deque(maxlen=KEPT)


class Sums:
    """One number per document, and which documents were touched."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._touched: list[Documents] = []

    def add(self, documents: Documents, amounts: Values | float) -> None:
        """`documents` are distinct and amounts positive: whatever is not zero was touched."""
        self.values[documents] = self._seen(documents) + amounts

    def pile(self, documents: Documents, amounts: Values) -> None:
        """Add amounts, positive all of them, to documents that may come several times; once, before anything else."""
        np.add.at(self.values, documents, amounts)
        # Each document keeps the last of its places: that one stands for all of them.
        with sums(len(self.values)) as places:
            places.values[documents] = np.arange(1.0, len(documents) + 1.0)
            last = places.values[documents] == np.arange(1.0, len(documents) + 1.0)
            places.values[documents] = 0.0
        self._touched = [documents[last]]

    def raise_to(self, documents: Documents, amounts: Values) -> None:
        """Keep the larger of what stands there and the amount."""
        self.values[documents] = np.maximum(self._seen(documents), amounts)

    def touched(self) -> Documents:
        """Every document that was touched, once, in no particular order."""
        if len(self._touched) != 1:
            self._touched = [np.concatenate([np.empty(0, np.int64), *self._touched])]
        return self._touched[0]

    def _seen(self, documents: Documents) -> Values:
        before = self.values.take(documents)
        fresh = documents if not self._touched else documents[before == 0.0]
        if len(fresh):
            self._touched.append(fresh)
        return before


@contextmanager
def sums(size: int) -> Iterator[Sums]:
    """Zeroes for the first `size` documents. After an error the array is dropped, not shelved."""
    held = Sums(_taken(size))
    yield held
    held.values[held.touched()] = 0.0
    _shelf.append(held.values)


def _taken(size: int) -> Values:
    try:
        found = _shelf.pop()
    except IndexError:
        found = np.zeros(0)
    # Too small a one is let go: the corpus has grown past it.
    return found if len(found) >= size else np.zeros(int(size * HEADROOM) + 1)
