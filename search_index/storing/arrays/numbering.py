"""Small numbers for big ids and words: people, audiences and topics are counted from 0, so that arrays can be
indexed by them. A number once given is never given again."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.storing.arrays.growing import Growing


class Numbering:
    """Of ids. `first` are given the first numbers, and are found like any other."""

    def __init__(self, *first: int) -> None:
        self._codes: dict[int, int] = {}
        self._ids: Growing[np.int64] = Growing(np.int64)
        for identity in first:
            self.code(identity)

    def __len__(self) -> int:
        return self._ids.size

    def code(self, identity: int) -> int:
        """The number of an id, a new one if it has none yet."""
        known = self._codes.get(identity)
        if known is None:
            self._ids.append(identity)
            known = self._codes[identity] = self._ids.size - 1
        return known

    def codes(self, identities: NDArray[np.int64]) -> NDArray[np.int32]:
        """The numbers of distinct ids, at the cost of a few lookups each."""
        listed = identities.tolist()
        fresh = [identity for identity in listed if identity not in self._codes]
        if fresh:
            first = self._ids.size
            self._ids.extend(np.array(fresh, np.int64))
            self._codes.update(zip(fresh, range(first, first + len(fresh)), strict=True))
        return np.fromiter(map(self._codes.__getitem__, listed), np.int32, len(listed))

    def find(self, identities: Iterable[int]) -> list[int]:
        """The numbers of those ids that have one."""
        return [code for identity in identities if (code := self._codes.get(identity)) is not None]

    def ids(self) -> NDArray[np.int64]:
        return self._ids.view()


class Names:
    """The same for words: kinds of documents, labels of topics, flags."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.names: list[str] = []

    def __len__(self) -> int:
        return len(self.names)

    def code(self, name: str) -> int:
        known = self._codes.get(name)
        if known is None:
            self.names.append(name)
            known = self._codes[name] = len(self.names) - 1
        return known

    def codes(self, names: Sequence[str]) -> NDArray[np.int32]:
        return np.array([self.code(name) for name in names], np.int32)

    def find(self, names: Iterable[str]) -> list[int]:
        return [code for name in names if (code := self._codes.get(name)) is not None]
