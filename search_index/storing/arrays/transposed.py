"""From a person to their documents: the columns turned round, sorted in parts so that growth costs what is new."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Source = Callable[[int, int], tuple[Ids, NDArray[np.int32]]]
"""Documents and codes of everything between two numbers, documents rising."""

PARTS = 6
SMALLEST = 256
"""New documents below this many are looked through; more are sorted into a part."""


class Transposed:
    """Parts are made when they are first asked for; whoever makes one twice makes the same."""

    def __init__(self, source: Source, parts: "tuple[_Part, ...]" = ()) -> None:
        self._source = source
        self._parts = parts

    def first(self, source: Source, size: int) -> "Transposed":
        """The same for a row of documents that shares its first `size` with this one."""
        return Transposed(source, tuple(part for part in self._parts if part.end <= size))

    def documents(self, code: int, size: int) -> Ids:
        """The documents with this code among the first `size`, rising."""
        parts = self._sorted_up_to(size)
        found = [part.documents_of(code) for part in parts]
        done = parts[-1].end if parts else 0
        if done < size:
            documents, codes = self._source(done, size)
            found.append(documents[codes == code])
        together = found[0] if len(found) == 1 else np.concatenate([np.empty(0, np.int64), *found])
        return together if done <= size else together[: np.searchsorted(together, size)]

    def _sorted_up_to(self, size: int) -> "tuple[_Part, ...]":
        parts = self._parts
        done = parts[-1].end if parts else 0
        if size - done < SMALLEST:
            return parts
        kept = parts if len(parts) < PARTS else ()
        start = kept[-1].end if kept else 0
        made = (*kept, _Part(start, size, *self._source(start, size)))
        self._parts = made
        return made


class _Part:
    def __init__(self, start: int, end: int, documents: Ids, codes: NDArray[np.int32]) -> None:
        self.start, self.end = start, end
        order = np.argsort(codes, kind="stable")
        self._documents = (documents[order] - start).astype(np.uint32)
        self._starts = np.searchsorted(codes[order], np.arange(int(codes.max(initial=-1)) + 2)).astype(np.uint32)

    def documents_of(self, code: int) -> Ids:
        if not 0 <= code < len(self._starts) - 1:
            return np.empty(0, np.int64)
        found: Ids = self._documents[self._starts[code] : self._starts[code + 1]] + np.int64(self.start)
        return found
