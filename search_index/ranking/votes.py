"""How well each document answers a question: BM25 times the squared share of the question that it covers, and a
little for the words that keep company with it.

The coverage factor is the biggest single gain that was measured (MAP .502 against .396 without it): a post
about both words beats ten posts about one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.ranking.companions import add_companions, companions
from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values, sums

COVERAGE = 2.0
"""Exponent of the share of the question that a document covers."""

MOST_VOTES, MOST_WITH_COMPANIONS = 2_000, 3_000
"""Only the best documents vote: on the corpora the others move no rank for the better, and a word that half of all
documents hold costs little more than a rare one. The second counts those with companions alone, too."""

TABLE_BITS = 13
"""Which terms a document holds is looked up for so many terms at once: a table of 8,192 sums."""

Bits = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """The usable documents that answer best, in no particular order, their votes, and which of the question's
    terms each holds: bit i for the i-th, none where only companions are held. `plain` is how well each answers
    by the question's own words, whatever its kind. `asking` are those that only ask, as good as the ones that
    vote."""

    documents: Documents
    votes: Values
    plain: Values
    held: Bits
    asking: Documents


def answer(reading: Reading, question: Question) -> Answers:
    documents, scores, held = _scored(reading, question)
    chosen, asking = _best(reading, documents, scores)
    asked = documents[asking][np.argsort(-scores[asking], kind="stable")]
    documents, scores, held = documents[chosen], scores[chosen], held[chosen]
    widened, total = add_companions(reading, companions(reading, question, documents, scores), documents, scores)
    voting = _loudest(reading, widened, total, MOST_WITH_COMPANIONS)
    plain, holds = np.zeros(len(widened)), np.zeros(len(widened), np.int64)
    plain[: len(documents)], holds[: len(documents)] = np.log1p(scores), held
    votes = np.log1p(total[voting]) * reading.kind_weights[reading.kind[widened[voting]]]
    return Answers(widened[voting], votes, plain[voting], holds[voting], asked)


def _scored(reading: Reading, question: Question) -> tuple[Documents, Values, Bits]:
    """Every document that holds a word of the question, usable or not, its score, and the terms it holds."""
    terms = [((term, *question.joined.get(term, ())), weight) for term, weight in question.weights.items()]
    if len(terms) == 1:
        ((forms, weight),) = terms
        documents, share = _best_form(reading, forms)
        return documents, weight * share, np.ones(len(documents), np.int64)
    with sums(reading.size) as score, sums(reading.size) as holds:
        for place, (forms, weight) in enumerate(terms):
            documents, share = _best_form(reading, forms)
            score.add(documents, weight * share)
            holds.add(documents, float(1 << place))  # exact below 2**53, and there are at most 50 terms
        documents = score.touched()
        held = holds.values[documents].astype(np.int64)
        covered = covered_weight(held, [weight for _, weight in terms]) / question.weight
        return documents, score.values[documents] * covered**COVERAGE, held


def covered_weight(held: Bits, weights: Sequence[float]) -> Values:
    """The weights of the terms that each document holds, added up."""
    found = np.zeros(len(held))
    for start in range(0, len(weights), TABLE_BITS):
        table = np.zeros(1)
        for weight in weights[start : start + TABLE_BITS]:
            table = np.concatenate([table, table + weight])
        found += table[(held >> start) & (len(table) - 1)]
    return found


def _best_form(reading: Reading, forms: tuple[str, ...]) -> tuple[Documents, Values]:
    """A term, or whichever of the terms that stand for it a document says best."""
    if len(forms) == 1:
        return reading.saturation(forms[0])
    with sums(reading.size) as best:
        for form in forms:
            best.raise_to(*reading.saturation(form))
        documents = best.touched()
        return documents, best.values[documents]


def _best(reading: Reading, documents: Documents, scores: Values) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the usable documents with the highest scores, and of those around them that only ask.

    Whether a document may be used is asked of the best ones first: nearly
    always that is enough.
    """
    looked_at = 2 * MOST_VOTES
    places = np.arange(len(documents))
    while True:
        high = places if len(documents) <= looked_at else np.flatnonzero(scores >= _nth_best(scores, looked_at))
        usable = high[reading.usable(documents[high])]
        if len(usable) > MOST_VOTES or len(high) == len(documents):
            break
        looked_at *= 4
    chosen = usable[_loudest(reading, documents[usable], scores[usable], MOST_VOTES)]
    floor = scores[chosen].min() if len(chosen) < len(usable) else 0.0
    beside = high[scores[high] >= floor]
    return chosen, beside[reading.asking(documents[beside])]


def _loudest(reading: Reading, documents: Documents, scores: Values, most: int) -> NDArray[np.int64]:
    """The places of so many documents with the highest scores; equals are chosen by their `tie`."""
    if len(documents) <= most:
        return np.arange(len(documents))
    floor = _nth_best(scores, most)
    above, level = np.flatnonzero(scores > floor), np.flatnonzero(scores == floor)
    ties = reading.corpus.columns.tie.view()[documents[level]]
    return np.concatenate([above, level[np.argsort(ties)[: most - len(above)]]])


def _nth_best(scores: Values, n: int) -> float:
    return float(np.partition(scores, len(scores) - n)[len(scores) - n])
