"""Many strings in a row and where each begins, read where they lie on the disk."""

from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index.flat.array_file import ArrayFile


class Strings:
    """Their bytes, by number. Views and slices of the buffer hand out Python's own numbers and bytes, which is
    several times faster than an array for one string."""

    def __init__(self, file: ArrayFile, text: str, starts: str) -> None:
        self._file = file
        self._names = text, starts

    def text(self, number: int) -> bytes:
        place, starts = self.place, self.starts
        return self._file.buffer[place + starts[number] : place + starts[number + 1]]

    def texts(self, numbers: range) -> list[bytes]:
        """Of neighbours, cheaper than one by one."""
        if not numbers:
            return []
        starts = self.starts[numbers.start : numbers.stop + 1].tolist()
        first = starts[0]
        block = self._file.buffer[self.place + first : self.place + starts[-1]]
        return [block[a - first : b - first] for a, b in pairwise(starts)]

    @property
    def array(self) -> NDArray[np.uint32]:
        """Where each begins; one more for the end."""
        return self._file.whole(self._names[1])

    @cached_property
    def starts(self) -> "memoryview[int]":
        """The same, for single numbers."""
        self._file.keep(self._names[1])
        return self.array.data

    @cached_property
    def place(self) -> int:
        """Where the first begins in the buffer."""
        self._file.keep(self._names[0])
        return self._file.place(self._names[0])
