"""Arrays that can be appended to while others read them."""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


class Growing(Generic[Scalar]):
    """An array with room at its end. What a reader has taken stays as long as it was; one writer at a
    time."""

    def __init__(self, first: NDArray[Scalar]) -> None:
        self._buffer = np.concatenate([first, np.zeros(256, first.dtype)])
        self.size = len(first)

    def append(self, value: Any) -> None:
        if self.size == len(self._buffer):
            self._buffer = np.concatenate([self._buffer, np.zeros(self.size, self._buffer.dtype)])
        self._buffer[self.size] = value
        self.size += 1

    def view(self, size: int | None = None) -> NDArray[Scalar]:
        """The first `size` values as they are, without a copy."""
        return self._buffer[: self.size if size is None else size]
