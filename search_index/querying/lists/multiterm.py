"""What many terms are worth together: as stock Whoosh has it, or as if they were one word."""

from collections.abc import Sequence

import numpy as np

from search_index.querying.bm25 import Values, impacts, rarity
from search_index.querying.lists.combining import distinct, touched
from search_index.querying.lists.matches import NOTHING, ConstantMatches, Ids, Matches, ScoredMatches, TermMatches
from search_index.querying.lists.scratch import borrowed
from search_index.querying.statistics import PublicStatistics
from search_index.storing.corpus import Corpus
from search_index.storing.slices import Slice

SMALL_INDEX = 5_000
MANY_TERMS = 1_024
"""Whoosh scores a query of more than two terms as a constant in an index of so few documents, or from so many
terms on, and as a sum otherwise (`whoosh.query.compound.Or`)."""


def as_one_word(statistics: PublicStatistics, field: str, slices: Sequence[Slice], boost: float) -> Matches:
    """As rare as all of them together; in each document the best of them counts."""
    if not slices:
        return NOTHING
    table = impacts(statistics.average(field))
    with borrowed(1 + max(int(run.documents.max()) for run in slices)) as scratch:
        for run in slices:
            np.maximum.at(scratch.values, run.documents, table.of(run.keys))
        documents = touched(scratch, [run.documents for run in slices])
        scores: Values = scratch.values.take(documents)
        scratch.values[documents] = 0
    scores *= rarity(statistics.documents, statistics.holding(documents)) * boost
    return ScoredMatches(documents, scores)


def as_in_whoosh(
    corpus: Corpus, statistics: PublicStatistics, field: str, slices: Sequence[Slice], boost: float, *, constant: bool
) -> Matches:
    """A single term scores as itself and without the boost; of more see `SMALL_INDEX`."""
    texts = [text for run in slices for text in run.texts()] if sum(map(len, slices)) <= MANY_TERMS else None
    terms = MANY_TERMS if texts is None else len(set(texts))
    if not terms:
        return NOTHING
    if texts is not None and terms == 1:
        postings = corpus.postings(field, texts[0])
        weight = statistics.rarity(field, texts[0], postings)
        return TermMatches(postings, statistics.average(field), weight)
    summed = terms == 2 or (corpus.size > SMALL_INDEX and terms < MANY_TERMS)
    if constant and not summed:
        return ConstantMatches(distinct(_together(slices)), 1.0)
    return _summed(statistics, field, slices, boost)


def _summed(statistics: PublicStatistics, field: str, slices: Sequence[Slice], boost: float) -> Matches:
    table = impacts(statistics.average(field))
    rarities = _rarities(statistics, slices)
    with borrowed(1 + max(int(run.documents.max()) for run in slices)) as scratch:
        for run, rare in zip(slices, rarities, strict=True):
            scores = table.of(run.keys)
            scores *= np.repeat(rare, np.diff(run.starts))
            np.add.at(scratch.values, run.documents, scores)
        documents = touched(scratch, [run.documents for run in slices])
        total: Values = scratch.values.take(documents)
        scratch.values[documents] = 0
    total *= boost
    return ScoredMatches(documents, total)


def _rarities(statistics: PublicStatistics, slices: Sequence[Slice]) -> list[Values]:
    """Of each term of each slice; a term that stands in several is as rare as all its documents say."""
    held = [statistics.holding_each(run.documents, run.starts) for run in slices]
    if len(slices) > 1:
        number: dict[str, int] = {}
        places = [[number.setdefault(text, len(number)) for text in run.texts()] for run in slices]
        totals = np.bincount(np.concatenate(places), np.concatenate(held))
        held = [totals.take(place).astype(np.float64) for place in places]
    return [np.log(max(1, statistics.documents) / (counts + 1)) + 1 for counts in held]


def _together(slices: Sequence[Slice]) -> Ids:
    return slices[0].documents if len(slices) == 1 else np.concatenate([run.documents for run in slices])
