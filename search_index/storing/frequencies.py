"""How many public documents hold a term: what its rarity rests on.

Counting means a look at every document of a term's list, and the same few hundred words are asked for all day. So
what was counted over stored segments is kept; they change in one way only, by documents that are deleted, and then
everything is counted anew.
"""

from collections.abc import Sequence
from sys import maxsize

import numpy as np

from search_index.storing.parts import Part
from search_index.storing.statistics import Statistics

MOST_KEPT = 50_000
"""Terms; beyond that all are forgotten."""

STRETCH = 8_192
"""Documents that are looked at before it is asked whether there are enough."""

Kept = dict[tuple[str, str], tuple[int, bool]]
"""By field and term the count, and whether it is all of them."""


class Frequencies:
    def __init__(self, parts: Sequence[Part], statistics: Statistics) -> None:
        self._parts, self._statistics = parts, statistics
        self._epoch: tuple[int, Kept] = (statistics.withdrawn, {})

    def of(self, field: str, term: str, most: int = maxsize) -> int:
        """Of stored documents; exact up to `most`, and some larger number where there are more."""
        withdrawn, kept = self._epoch
        if withdrawn != self._statistics.withdrawn or len(kept) > MOST_KEPT:
            # Whoever still counts for the epoch before writes into its own dictionary, which nobody reads again.
            withdrawn, kept = self._epoch = (self._statistics.withdrawn, {})
        count, is_all = kept.get((field, term), (-1, False))
        if not is_all and count <= most:
            count, is_all = kept[field, term] = self._count(field, term, most)
        return count

    def _count(self, field: str, term: str, most: int) -> tuple[int, bool]:
        public, count = self._statistics.public.view(), 0
        for part in self._parts:
            first = 0
            while len(documents := part.some_documents(field, term, first, STRETCH)):
                count += int(np.count_nonzero(public.take(documents)))
                first += len(documents)
                if count > most:
                    return count, False
                if len(documents) < STRETCH:
                    break
        return count, True
