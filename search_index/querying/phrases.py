"""Which documents hold words one after another: first those with all the words, then their positions alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.querying.matches import Ids
from search_index.storing.corpus import Corpus

ROOM = 1 << 34
"""Between the positions of one document and the next; more than any position."""

WIDEST_SLOP = 1_000


def holding(
    corpus: Corpus, field: str, words: Sequence[tuple[str, int]], documents: Ids, slop: int
) -> NDArray[np.bool_]:
    """Which of `documents`, that hold all words, hold them in order, each at most `slop` places after the last.
    Of each word it is known how many documents hold it."""
    if slop > 1:
        return _near(corpus, field, [word for word, _ in words], documents, min(slop, WIDEST_SLOP))
    return _adjacent(corpus, field, words, documents)


def _adjacent(corpus: Corpus, field: str, words: Sequence[tuple[str, int]], documents: Ids) -> NDArray[np.bool_]:
    """The rarest word first: each place of it is a place where the phrase may begin."""
    rows = np.arange(len(documents))
    beginnings: Ids | None = None
    for at in sorted(range(len(words)), key=lambda at: words[at][1]):
        places = _placed(corpus, field, words[at][0], documents.take(rows), rows) - at
        if beginnings is None:
            beginnings = places
        elif len(places):
            beginnings = beginnings.compress(places.take(places.searchsorted(beginnings), mode="clip") == beginnings)
        else:
            beginnings = places
        rows = _rising(beginnings // ROOM)
        if not len(rows):
            break
    found = np.zeros(len(documents), np.bool_)
    found[rows] = True
    return found


def _near(corpus: Corpus, field: str, words: Sequence[str], documents: Ids, slop: int) -> NDArray[np.bool_]:
    rows = np.arange(len(documents))
    reached: Ids | None = None
    for word in words:
        places = _placed(corpus, field, word, documents.take(rows), rows)
        if reached is not None:
            # Some place of the word before lies 1 to `slop` places before this one.
            behind = reached.searchsorted(places - slop, "left") < reached.searchsorted(places - 1, "right")
            places = places.compress(behind)
        reached = places
        rows = _rising(reached // ROOM)
        if not len(rows):
            break
    found = np.zeros(len(documents), np.bool_)
    found[rows] = True
    return found


def _placed(corpus: Corpus, field: str, word: str, documents: Ids, rows: Ids) -> Ids:
    """Every place of a word: the row's number times ROOM, plus half of it, plus the position."""
    flat, ends = corpus.positions(field, word, documents)
    counts = np.diff(ends, prepend=0)
    places: Ids = np.repeat(rows * ROOM + ROOM // 2, counts) + flat
    return places


def _rising(rows: Ids) -> Ids:
    """Without repetition; `rows` never fall."""
    if len(rows) < 2:
        return rows
    first = np.empty(len(rows), np.bool_)
    first[0] = True
    np.not_equal(rows[1:], rows[:-1], out=first[1:])
    return rows.compress(first)
