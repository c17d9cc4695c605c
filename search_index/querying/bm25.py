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

Values = NDArray[np.float64]


@lru_cache(maxsize=8)
def impact_table(average_length: float) -> Values:
    """BM25's share for each of the 65,536 impact keys; times the rarity of the term it is the score."""
    average = average_length or 1.0
    frequencies = np.arange(MOST_FREQUENT + 1, dtype=np.float64)
    norms = K1 * ((1 - B) + B * LENGTHS.astype(np.float64) / average)
    table: Values = ((frequencies * (K1 + 1)) / (frequencies + norms[:, None])).reshape(-1)
    table.flags.writeable = False
    return table


def shares(postings: Postings, average_length: float) -> Values:
    """BM25's share of a term in each of its documents, frequencies above 255 included."""
    table = impact_table(average_length)
    found: Values = table.take(postings.keys)
    if postings.wide:
        for at, frequency in postings.wide.items():
            found[at] = share(frequency, int(postings.keys[at]) >> 8, average_length)
    return found


def share(frequency: float, length_code: int, average_length: float) -> float:
    norm = K1 * ((1 - B) + B * float(LENGTHS[length_code]) / (average_length or 1.0))
    return (frequency * (K1 + 1)) / (frequency + norm)


def rarity(documents: int, holding: int) -> float:
    """Whoosh's inverse document frequency; never below the least that it gives, ln(n / (n + 1)) + 1."""
    return math.log(max(1, documents) / (holding + 1)) + 1
