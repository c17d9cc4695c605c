"""Intersections, unions and differences of matches as whole arrays.

Two ways lead to each: bisecting the shorter row into the longer one, and marking places in a scratch array.
Which is cheaper was measured (numpy 2.4): a bisected document costs about six marked ones.

Scores are always added up in the order in which the parts are given. Lengths of rows, which hidden documents
have a share in, decide how a sum is made, never its order: otherwise its last bit would tell of them.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from search_index.querying.lists.matches import NO_IDS, NOTHING, Ids, Matches, ScoredMatches
from search_index.querying.lists.scratch import Flags, Scratch, Values, borrowed

BISECT_FACTOR = 6
DENSE_FACTOR = 24
"""A union of touched documents is read off the marks when they are this dense, and sorted otherwise."""

SORTED = 1 << 13
"""So many documents are put together faster by sorting than by marking."""

FEW_FACTOR = 8
"""A row this much shorter than another is worked into it, instead of adding up both."""


def member(row: Ids, documents: Ids) -> Flags:
    """Which of `documents` stand in `row`; both rise."""
    if not len(row) or not len(documents):
        return np.zeros(len(documents), np.bool_)
    if len(row) > BISECT_FACTOR * len(documents):
        at = row.searchsorted(documents)
        found: Flags = row.take(at, mode="clip") == documents
        return found
    with borrowed(1 + max(int(row[-1]), int(documents[-1]))) as scratch:
        scratch.flags[row] = True
        found = scratch.flags.take(documents)
        scratch.flags[row] = False
    return found


def intersect(parts: Sequence[Matches]) -> Matches:
    """Scores are added up."""
    if len(parts) == 1:
        return parts[0]
    documents, places = common(parts)
    return ScoredMatches(documents, added(parts, places)) if len(documents) else NOTHING


def added(parts: Sequence[Matches], places: Sequence[Ids]) -> Values:
    """The scores of the same documents in all parts, added up."""
    scores = parts[0].scores_at(places[0])
    for part, at in zip(parts[1:], places[1:], strict=True):
        scores += part.scores_at(at)
    return scores


def common(parts: Sequence[Matches]) -> tuple[Ids, list[Ids]]:
    """The documents that are in all parts, and where they stand in each; no places when there are none."""
    order = sorted(range(len(parts)), key=lambda at: len(parts[at]))
    if not len(parts[order[0]]):
        return NO_IDS, []
    documents = parts[order[0]].documents
    places: list[Ids] = [np.arange(len(documents))]
    for part in (parts[at] for at in order[1:]):
        kept, at = _located(part, documents)
        if len(at) < len(documents):
            documents = documents.compress(kept)
            places = [known.compress(kept) for known in places]
        places.append(at)
        if not len(documents):
            return NO_IDS, []
    return documents, [places[order.index(at)] for at in range(len(parts))]


def _located(part: Matches, documents: Ids) -> tuple[Flags, Ids]:
    """Which of `documents`, not more than the part has, it has too, and where those stand in it."""
    if len(part) > BISECT_FACTOR * len(documents):
        kept, at = part.places(documents)
        return kept, at.compress(kept)
    row = part.documents
    with borrowed(1 + max(int(row[-1]), int(documents[-1]))) as scratch:
        scratch.flags[documents] = True
        at = np.flatnonzero(scratch.flags.take(row))
        scratch.flags[documents] = False
        held = row.take(at)
        scratch.flags[held] = True
        kept = scratch.flags.take(documents)
        scratch.flags[held] = False
    return kept, at


def unite(parts: Sequence[Matches], *, best: bool = False) -> Matches:
    """Scores are added up; with `best` the greatest counts."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING
    lengths = [len(part) for part in filled]
    if not best and max(lengths) > FEW_FACTOR * (sum(lengths) - max(lengths)):
        return reduce(_worked_in, filled)
    if not best and sum(lengths) <= SORTED:
        return _sorted_together(filled)
    with borrowed(1 + max(int(part.documents[-1]) for part in filled)) as scratch:
        add = np.maximum if best else np.add
        for part in filled:
            add.at(scratch.values, part.documents, part.scores())
        documents = touched(scratch, [part.documents for part in filled])
        scores = scratch.values.take(documents)
        scratch.values[documents] = 0
    return ScoredMatches(documents, scores)


def _sorted_together(parts: Sequence[Matches]) -> Matches:
    """The same with one stable sort, which keeps the order of the parts for each document."""
    documents = np.concatenate([part.documents for part in parts])
    order = documents.argsort(kind="stable")
    documents = documents.take(order)
    first = np.empty(len(documents), np.bool_)
    first[0] = True
    np.not_equal(documents[1:], documents[:-1], out=first[1:])
    places = first.cumsum()
    places -= 1
    scores = np.concatenate([part.scores() for part in parts]).take(order)
    sums: Values = np.bincount(places, scores).astype(np.float64, copy=False)
    return ScoredMatches(documents.compress(first), sums)


def _worked_in(one: Matches, other: Matches) -> Matches:
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    documents, scores = longer.documents, longer.scores()
    added = shorter.scores()
    at = documents.searchsorted(shorter.documents)
    known = documents.take(at, mode="clip") == shorter.documents
    scores[at.compress(known)] += added.compress(known)
    if known.all():
        return ScoredMatches(documents, scores)
    fresh = ~known
    where = at.compress(fresh)
    return ScoredMatches(
        np.insert(documents, where, shorter.documents.compress(fresh)),
        np.insert(scores, where, added.compress(fresh)),
    )


def counted(parts: Sequence[Matches]) -> tuple[Matches, NDArray[np.uint16]]:
    """The union, and in how many of the parts each document is."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return NOTHING, np.empty(0, np.uint16)
    with borrowed(1 + max(int(part.documents[-1]) for part in filled)) as scratch:
        for part in filled:
            np.add.at(scratch.values, part.documents, part.scores())
            scratch.counts[part.documents] += 1
        documents = touched(scratch, [part.documents for part in filled])
        scores, counts = scratch.values.take(documents), scratch.counts.take(documents)
        scratch.values[documents] = 0
        scratch.counts[documents] = 0
    return ScoredMatches(documents, scores), counts


def distinct(documents: Ids) -> Ids:
    """In rising order."""
    if len(documents) < 2:
        return documents
    with borrowed(1 + int(documents.max())) as scratch:
        return touched(scratch, [documents])


def touched(scratch: Scratch, rows: Sequence[Ids]) -> Ids:
    """The documents of all rows, rising; the flags of the scratch are used and clean again afterwards."""
    total = sum(map(len, rows))
    if not total:
        return NO_IDS
    end = 1 + max(int(row.max()) for row in rows if len(row))
    if total * DENSE_FACTOR < end:
        together = np.sort(np.concatenate(rows))
        first = np.empty(total, np.bool_)
        first[0] = True
        np.not_equal(together[1:], together[:-1], out=first[1:])
        return together.compress(first)
    for row in rows:
        scratch.flags[row] = True
    documents = np.flatnonzero(scratch.flags[:end])
    scratch.flags[documents] = False
    return documents


def subtract(matches: Matches, unwanted: Ids) -> Matches:
    if not len(unwanted) or not len(matches):
        return matches
    return chosen(matches, ~member(unwanted, matches.documents))


def chosen(matches: Matches, keep: Flags) -> Matches:
    """Those for which `keep` is true."""
    if keep.all():
        return matches
    at = np.flatnonzero(keep)
    return ScoredMatches(matches.documents.take(at), matches.scores_at(at))


def lifted(matches: Matches, extra: Matches) -> Matches:
    """The same documents; those that are in `extra` too have its score added."""
    at = extra.documents.searchsorted(matches.documents)
    if not len(extra) or not len(matches):
        return matches
    known = extra.documents.take(at, mode="clip") == matches.documents
    scores = matches.scores()
    scores[known] += extra.scores_at(at.compress(known))
    return ScoredMatches(matches.documents, scores)
