"""BM25 as Whoosh 2.7.4 computes it (`whoosh.scoring.BM25F`), for whole posting lists.

A posting's impact key holds the two things that its score rests on besides the rarity of the term: the code of
its field's length and the frequency. So the share of every possible posting fits into one table, and scoring a
posting list is one gather from it.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import LENGTHS, MOST_FREQUENT, Postings

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation: Whoosh's own defaults."""

USUAL_LENGTH = 12.0
"""Terms of a document where nobody has written one that everybody may read."""

TABLE = 1 << 16
LITTLE = 2_000
"""What working out a list directly costs besides its length, in entries of the table."""

Values = NDArray[np.float64]

_LENGTHS = LENGTHS.astype(np.float64)
_FREQUENCIES: Values = np.arange(MOST_FREQUENT + 1, dtype=np.float64)


class Impacts:
    """BM25's share of postings for one average length; times the rarity of the term it is the score.

    Every post that somebody writes moves the average, so the table is made once it is worth it: until then short
    lists are worked out by themselves, to the same last bit.
    """

    def __init__(self, average_length: float) -> None:
        self._norms: Values = K1 * ((1 - B) + B * _LENGTHS / (average_length or 1.0))
        self._table: Values | None = None
        self._worked_out = 0

    def of(self, keys: NDArray[np.uint16]) -> Values:
        if self._table is None:
            self._worked_out += len(keys) + LITTLE
            if self._worked_out < TABLE:
                return self._directly(keys)
            self._table = (_FREQUENCIES * (K1 + 1) / (self._norms[:, np.newaxis] + _FREQUENCIES)).reshape(-1)
        return self._table.take(keys)

    def _directly(self, keys: NDArray[np.uint16]) -> Values:
        frequencies = (keys & MOST_FREQUENT).astype(np.float64)
        norms = self._norms.take(keys >> 8)
        norms += frequencies
        frequencies *= K1 + 1
        frequencies /= norms
        return frequencies


@lru_cache(maxsize=8)
def impacts(average_length: float) -> Impacts:
    return Impacts(average_length)


def shares(postings: Postings, average_length: float) -> Values:
    """BM25's share of a term in each of its documents, frequencies above 255 included."""
    found = impacts(average_length).of(postings.keys)
    for at, frequency in postings.wide.items():
        found[at] = share(frequency, int(postings.keys[at]) >> 8, average_length)
    return found


def share(frequency: float, length_code: int, average_length: float) -> float:
    norm = K1 * ((1 - B) + B * float(LENGTHS[length_code]) / (average_length or 1.0))
    return (frequency * (K1 + 1)) / (frequency + norm)


def rarity(documents: int, holding: int) -> float:
    """Whoosh's inverse document frequency; never below the least that it gives, ln(n / (n + 1)) + 1."""
    return math.log(max(1, documents) / (holding + 1)) + 1
