"""Small numbers for big ids: people and audiences are counted from 0, so that arrays can be indexed by
them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search_index.growing import Growing


class Numbering:
    def __init__(self) -> None:
        self._codes: dict[int, int] = {}
        self._ids: Growing[np.int64] = Growing(np.empty(0, np.int64))

    def __len__(self) -> int:
        return self._ids.size

    def code(self, identity: int) -> int:
        """The number of an id, a new one if it has none yet."""
        known = self._codes.get(identity)
        if known is None:
            known = self._codes[identity] = self._ids.size
            self._ids.append(identity)
        return known

    def codes(self, identities: NDArray[np.int64]) -> NDArray[np.int64]:
        distinct, where = np.unique(identities, return_inverse=True)
        table = np.array([self.code(identity) for identity in distinct.tolist()], np.int64)
        return table[where] if len(table) else identities

    def find(self, identities: Iterable[int]) -> list[int]:
        """The numbers of those ids that have one."""
        return [code for identity in identities if (code := self._codes.get(identity)) is not None]

    def ids(self) -> NDArray[np.int64]:
        return self._ids.view()


class Names:
    """The same for words: kinds of documents and labels of topics."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.names: list[str] = []

    def code(self, name: str) -> int:
        known = self._codes.get(name)
        if known is None:
            known = self._codes[name] = len(self.names)
            self.names.append(name)
        return known

    def find(self, names: Iterable[str]) -> list[int]:
        return [code for name in names if (code := self._codes.get(name)) is not None]
