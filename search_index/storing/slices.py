"""All terms with one beginning, and their postings, as they lie one after the other in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.flat.segment import Segment
from search_index.storing.memory import PACKED_BYTES, Memtable, unpacked

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Slice:
    """The postings of term i stand from `starts[i]` to `starts[i + 1]`. The terms are alphabetical; a term may
    stand in several slices. Frequencies above 255 are cut in these keys."""

    documents: Ids
    keys: NDArray[np.uint16]
    starts: Ids
    texts: Callable[[], Sequence[str]]
    """Reads the terms themselves, which a question for documents alone does not need."""

    def __len__(self) -> int:
        return len(self.starts) - 1


NO_SLICE = Slice(np.empty(0, np.int64), np.empty(0, np.uint16), np.zeros(1, np.int64), list)


def stored_slice(segment: Segment, field: str, prefix: str, start: int) -> Slice:
    numbers = segment.terms(field, prefix)
    if not numbers:
        return NO_SLICE
    documents, keys, starts = segment.run(numbers, start)
    return Slice(documents, keys, np.append(starts, len(documents)), lambda: segment.texts_of(numbers))


def containing_slice(segment: Segment, field: str, text: str, start: int) -> Slice:
    # No limit: one would tell what documents hold that are hidden from the viewer.
    numbers = segment.containing(field, text)
    if not numbers:
        return NO_SLICE
    documents, keys, starts = segment.gather(np.array(numbers), start)
    return Slice(documents, keys, np.append(starts, len(documents)), lambda: [segment.text_of(n) for n in numbers])


def memory_slice(memtable: Memtable, field: str, terms: Sequence[str]) -> Slice:
    """Of terms that the memtable has."""
    if not terms:
        return NO_SLICE
    packed = memtable.packed(field, terms)
    documents, keys = unpacked(b"".join(packed))
    sizes = [len(part) // PACKED_BYTES for part in packed]
    return Slice(documents, keys, np.cumsum([0, *sizes]), lambda: terms)
