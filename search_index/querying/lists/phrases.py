"""Which documents hold words one after another: first those with all the words, then their positions alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search_index.querying.lists.matches import Ids
from search_index.querying.lists.scratch import Flags
from search_index.storing.corpus import Corpus

ROOM_BITS = 34
HALF_ROOM = 1 << 33
"""Between the positions of one document and the next is more room than any position needs."""

WIDEST_SLOP = 1_000

TOGETHER = 1 << 13
"""Documents that are looked at in one go: their positions stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class PhraseWord:
    text: str
    offset: int
    """Its place in the phrase."""
    documents: int
    """How many documents hold it."""
    at: Ids
    """Where those stand in its posting list that hold all words."""


def holding(corpus: Corpus, field: str, words: Sequence[PhraseWord], documents: Ids, slop: int) -> Flags:
    """Which of the documents that hold all words hold them in order, each at most `slop` places after the last."""
    found = np.zeros(len(documents), np.bool_)
    exact = slop <= 1
    # Where the distances are known, any word may come first: the rarest leaves least to look at.
    order = sorted(words, key=lambda word: word.documents) if exact else list(words)
    for start in range(0, len(documents), TOGETHER):
        rows = np.arange(start, min(start + TOGETHER, len(documents)))
        reached = _placed(corpus, field, order[0], documents, rows, exact=exact)
        for word in order[1:]:
            places = _placed(corpus, field, word, documents, rows, exact=exact)
            if len(places):
                places = _same(reached, places) if exact else _after(reached, places, min(slop, WIDEST_SLOP))
            reached = places
            rows = _rising(reached >> ROOM_BITS)
            if not len(rows):
                break
        found[rows] = True
    return found


def _same(beginnings: Ids, places: Ids) -> Ids:
    """Places where the phrase may begin, after one word more."""
    return beginnings.compress(places.take(places.searchsorted(beginnings), mode="clip") == beginnings)


def _after(reached: Ids, places: Ids, slop: int) -> Ids:
    """Those of `places` that lie 1 to `slop` places behind a place of the word before."""
    behind = reached.searchsorted(places - slop, "left") < reached.searchsorted(places - 1, "right")
    return places.compress(behind)


def _placed(corpus: Corpus, field: str, word: PhraseWord, documents: Ids, rows: Ids, *, exact: bool) -> Ids:
    """Every place of a word: the row's number in the upper bits, the position in the middle of the room below; of an
    exact phrase, where the phrase would begin."""
    some = len(rows) < len(documents)
    at = word.at.take(rows) if some else word.at
    flat, ends = corpus.positions_at(field, word.text, documents.take(rows) if some else documents, at)
    counts = ends.copy()
    counts[1:] -= ends[:-1]
    places: Ids = ((rows << ROOM_BITS) + (HALF_ROOM - word.offset if exact else HALF_ROOM)).repeat(counts)
    places += flat
    return places


def _rising(rows: Ids) -> Ids:
    """Without repetition; `rows` never fall."""
    if len(rows) < 2:
        return rows
    first = np.empty(len(rows), np.bool_)
    first[0] = True
    np.not_equal(rows[1:], rows[:-1], out=first[1:])
    return rows.compress(first)
