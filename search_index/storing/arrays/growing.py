"""Arrays that can be appended to while others read them."""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

Scalar = TypeVar("Scalar", bound=np.generic)

ROOM = 1 << 15
"""Places made beyond the end: about what comes in between two stored states. Untouched places cost no memory."""


class Growing(Generic[Scalar]):
    """An array with room at its end. What a reader has taken stays as long as it was; one writer at a time."""

    def __init__(self, kind: DTypeLike, *, room: int = ROOM) -> None:
        self._buffer: NDArray[Scalar] = np.empty(room, kind)
        self.size = 0

    def __len__(self) -> int:
        return self.size

    def append(self, value: Any) -> None:
        if self.size == len(self._buffer):
            self.reserve(1)
        self._buffer[self.size] = value
        self.size += 1

    def extend(self, values: NDArray[Any]) -> None:
        end = self.size + len(values)
        if end > len(self._buffer):
            self.reserve(len(values))
        self._buffer[self.size : end] = values
        self.size = end

    def reserve(self, more: int) -> None:
        """Have room for so many values without moving the array again."""
        needed = self.size + more
        if needed > len(self._buffer):
            grown = np.empty(max(needed + ROOM, len(self._buffer) + len(self._buffer) // 8), self._buffer.dtype)
            grown[: self.size] = self._buffer[: self.size]
            self._buffer = grown

    def first(self, size: int, *, more: int = 0) -> "Growing[Scalar]":
        """A copy of the first values that grows on its own, with room for so many more."""
        copy: Growing[Scalar] = Growing(self._buffer.dtype, room=size + more + ROOM)
        copy.extend(self._buffer[:size])
        return copy

    def view(self, size: int | None = None) -> NDArray[Scalar]:
        """The first `size` values as they are, without a copy."""
        return self._buffer[: self.size if size is None else size]
