"""A term's postings where several places hold some: one list, put together once somebody asks for all of it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import NO_POSTINGS, Postings


class JoinedPostings(Postings):
    """`parts` follow one another in the row of all documents, and none is empty. Finding a few documents among many
    asks the parts and leaves them where they are."""

    __slots__ = ("_moved", "parts")
    parts: Sequence[Postings]
    _moved: NDArray[np.int64] | None

    def __init__(self, parts: Sequence[Postings]) -> None:
        wide: dict[int, float] = {}
        at = 0
        for part in parts:
            wide.update((at + place, frequency) for place, frequency in part.wide.items())
            at += len(part)
        keys = np.concatenate([part.keys for part in parts])
        for name, value in (("parts", parts), ("keys", keys), ("wide", wide), ("_moved", None)):
            object.__setattr__(self, name, value)

    @property
    def documents(self) -> NDArray[np.int64]:
        moved = self._moved
        if moved is None:
            moved = np.empty(len(self.keys), np.int64)
            at = 0
            for part in self.parts:
                part.copy_to(moved[at : at + len(part)])
                at += len(part)
            object.__setattr__(self, "_moved", moved)
        return moved

    @property
    def last(self) -> int:
        return self.parts[-1].last

    def places(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        if self._moved is not None:
            return super().places(documents)
        held, at = np.zeros(len(documents), np.bool_), np.zeros(len(documents), np.int64)
        of = np.array([part.last for part in self.parts[:-1]]).searchsorted(documents)
        before = 0
        for number, part in enumerate(self.parts):
            here = np.flatnonzero(of == number)
            held[here], places = part.places(documents.take(here))
            at[here] = places + before
            before += len(part)
        return held, at

    def __len__(self) -> int:
        return len(self.keys)


def joined(found: Sequence[Postings]) -> Postings:
    """Of those that are not empty."""
    parts = [postings for postings in found if len(postings)]
    if len(parts) < 2:
        return parts[0] if parts else NO_POSTINGS
    return JoinedPostings(parts)
