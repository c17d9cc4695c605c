"""The expert finder's formula: every document votes for its person, and the votes are added with care.

    v(d)  = log(1 + s(d)) · weight of the kind, where s(d) counts companions too (see companions.py)
    A(p)  = Σ over p's documents, best first, i = 1, 2, …: v_i · i^-0.6
            + 0.5 · the same over the documents that mention p, by the question's own words alone
    score = A(p) · C(p) · e^(0.5 · T(p)) / (words p wrote / words of a usual post + 150)^0.3

C(p) is 1 but for questions of a few words: there it is how much of the question the person's documents cover
together. T(p) is the share of the topic's time that the person was with it. Where all this comes from and what
was tried instead is told in docs/expert-ranking.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values
from search_index.ranking.votes import Answers, Bits

DECAY = 0.6
"""The i-th best document of a person counts i**-0.6: a hundred posts are not a hundred times one."""

PROLIFIC_POWER, PROLIFIC_FLOOR = 0.3, 150.0
"""Who writes much is divided by (usual posts' worth of words + 150)**0.3; .5 wrecks companies with hubs."""

TO_THE_POINT = 0.6
"""A document is about the topic if it answers this well, as a share of the one that answers best."""

STAYED = 0.5
"""Who was with a topic from its first document to the last counts e**0.5 times who wrote about it on one day:
who looks after something comes back to it, who passes by does not. Further days between do not matter."""

HALF_A_YEAR = 182 * 86_400_000
"""Milliseconds, added to a topic's time, so that one that is a week old makes nobody a veteran."""

DENSE = 1.6
"""BM25's saturation in a document that is about a word, with ordinary length."""

HALF_KNOWN = 0.5
"""So many documents about one word of the question alone make somebody half known for it."""

TOGETHER = 1.5
"""Exponent of the share of a short question that a person covers: who knows both words stands above who knows
one of them much."""

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everybody's votes for one question. `documents`, `authors`, `votes` and `weighed` (the votes after the
    decay) run together, sorted by person and within a person best first; so do the documents that name
    somebody. Only documents with words of the question stand here; those with companions alone are in the score.
    `people` are the codes of all who were found, rising, and `score` is theirs."""

    documents: Documents
    authors: Codes
    votes: Values
    weighed: Values
    naming: Documents
    named: Codes
    named_votes: Values
    named_weighed: Values
    people: Codes
    score: Values


def add_up(reading: Reading, question: Question, answers: Answers, *, mentions: float) -> Standing:
    authors = reading.author[answers.documents].astype(np.int64)
    order = by_person_best_first(reading, answers.documents, authors, answers.votes)
    authors, votes, held = authors[order], answers.votes[order], answers.held[order]
    weighed = votes * _places(authors) ** -DECAY
    own = held != 0
    documents = answers.documents[order][own]
    plain = answers.plain[order][own]
    at, named, named_votes = _mentions(reading, documents, plain, mentions)
    named_weighed = named_votes * _places(named) ** -DECAY
    people, where = _numbered(authors[own], named)
    amounts = np.concatenate([weighed[own], named_weighed])
    share = _together(question, np.concatenate([held[own], held[own][at]]), where, amounts, len(people))
    total = np.bincount(where, amounts, len(people)) + _elsewhere(people, authors[~own], weighed[~own])
    total *= share * np.exp(STAYED * _time_with(reading, documents, plain, where[: len(documents)], len(people)))
    volume = counted(reading.corpus.statistics.person_words.view(), people) / reading.usual_length
    score: Values = np.asarray(total / (volume + PROLIFIC_FLOOR) ** PROLIFIC_POWER, np.float64)
    return Standing(
        documents=documents,
        authors=authors[own],
        votes=votes[own],
        weighed=weighed[own],
        naming=documents[at],
        named=named,
        named_votes=named_votes,
        named_weighed=named_weighed,
        people=people,
        score=score,
    )


def _elsewhere(people: Codes, authors: Codes, weighed: Values) -> Values:
    """What documents with companions alone add for each of the people, who have others; rising both."""
    if not len(people) or not len(authors):
        return np.zeros(len(people))
    at = np.minimum(np.searchsorted(people, authors), len(people) - 1)
    known = people[at] == authors
    return np.bincount(at[known], weighed[known], len(people)).astype(np.float64)


def _time_with(reading: Reading, documents: Documents, plain: Values, where: Codes, people: int) -> Values:
    """The share of the topic's time between each person's first and last document about it."""
    about = plain >= TO_THE_POINT * plain.max(initial=0.0)
    created, where = reading.created[documents[about]], where[about]
    if not len(created):
        return np.zeros(people)
    first, last = np.full(people, created.max()), np.full(people, created.min())
    np.minimum.at(first, where, created)
    np.maximum.at(last, where, created)
    shares: Values = np.maximum(last - first, 0) / float(created.max() - created.min() + HALF_A_YEAR)
    return shares


def _numbered(one: Codes, other: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """The distinct values of two rising arrays, rising, and which of them stands at each place of both."""
    starts = _run_starts(one), _run_starts(other)
    heads = one[starts[0]], other[starts[1]]
    both = np.sort(np.concatenate(heads))
    distinct = both[_run_starts(both)]
    where = [
        np.repeat(np.searchsorted(distinct, head), _run_lengths(at, len(codes)))
        for head, at, codes in zip(heads, starts, (one, other), strict=True)
    ]
    return distinct, np.concatenate(where)


def by_person_best_first(reading: Reading, documents: Documents, people: Codes, votes: Values) -> Codes:
    """An order by person, falling vote and `tie`. Two quick sorts of single numbers, and a slow one of the equals
    alone: sorting everything by three keys is ten times slower."""
    place = np.empty(len(votes), np.int64)
    loudest = np.argsort(-votes)
    place[loudest] = np.arange(len(votes))
    order: Codes = loudest[np.sort((people << 32) | place) & 0xFFFFFFFF]
    sorted_people, sorted_votes = people[order], votes[order]
    same = (sorted_people[1:] == sorted_people[:-1]) & (sorted_votes[1:] == sorted_votes[:-1])
    return _settled(order, same, lambda equals: (reading.corpus.columns.tie.view()[documents[equals]],))


def _settled(order: Codes, same: NDArray[np.bool_], keys: Callable[[Codes], tuple[Codes, ...]]) -> Codes:
    """The order with runs of equals (`same`: as the one before) sorted by these keys, the last one first."""
    if same.any():
        runs = np.cumsum(np.concatenate([[True], ~same]))
        equals = np.flatnonzero(np.concatenate([same, [False]]) | np.concatenate([[False], same]))
        order[equals] = order[equals[np.lexsort((*keys(order[equals]), runs[equals]))]]
    return order


def _run_starts(rising: Codes) -> NDArray[np.int64]:
    """Where each distinct value begins."""
    changes = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    return np.concatenate([np.zeros(min(1, len(rising)), np.int64), changes])


def _run_lengths(starts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """How long each run is, of which these are the starts."""
    lengths = np.empty(len(starts), np.int64)
    lengths[:-1] = starts[1:] - starts[:-1]
    lengths[-1:] = size - starts[-1:]
    return lengths


def _places(people: Codes) -> Values:
    """1, 2, 3, … within each run of one person."""
    starts = _run_starts(people)
    firsts = np.repeat(starts, _run_lengths(starts, len(people)))
    return (np.arange(1, len(people) + 1) - firsts).astype(np.float64)


def _mentions(
    reading: Reading, documents: Documents, plain: Values, share: float
) -> tuple[NDArray[np.int64], Codes, Values]:
    """Who is named in which of the documents (by their place), and what that is worth: a share of how well the
    document answers by the question's own words. Companions say too little to spread to others."""
    if not share or not len(documents):
        nobody = np.empty(0, np.int64)
        return nobody, nobody, np.empty(0)
    at, codes = reading.corpus.mentions_of(documents)
    people = codes.astype(np.int64)
    worth = share * (plain * reading.kind_weights[reading.kind[documents]])[at]
    counts = (worth > 0) & (reading.author[documents[at]] != people)  # nobody vouches for oneself
    at, people, worth = at[counts], people[counts], worth[counts]
    order = by_person_best_first(reading, documents[at], people, worth)
    return at[order], people[order], worth[order]


def _together(question: Question, held: Bits, where: Codes, amounts: Values, people: int) -> Values | float:
    """Of each person the share of a short question that their documents cover together, to a power."""
    weights = list(question.weights.values())
    if question.is_long or len(weights) < 2:
        return 1.0
    covered = np.zeros(people)
    for place, weight in enumerate(weights):
        known = np.bincount(where, amounts * ((held >> place) & 1), people)
        alone = math.log1p(weight * DENSE * (weight / question.weight) ** 2)
        covered += weight * known / (known + HALF_KNOWN * alone)
    return np.asarray((covered / question.weight) ** TOGETHER)


def ranking(reading: Reading, standing: Standing) -> Codes:
    """The places of people with any evidence, best first; ties go to who wrote more, then to the older id."""

    def who_wrote_more(places: Codes) -> tuple[Codes, ...]:
        people = standing.people[places]
        written = counted(reading.corpus.statistics.person_documents.view(), people)
        return reading.corpus.columns.codes.people.ids()[people], -written

    found = np.flatnonzero(standing.score > 0)
    order = found[np.argsort(-standing.score[found])]
    scores = standing.score[order]
    return _settled(order, scores[1:] == scores[:-1], who_wrote_more)


def counted(counts: Codes, codes: Codes) -> Codes:
    """What the corpus's statistics say of people or labels; 0 for those that nobody counted yet."""
    found = np.zeros(len(codes), np.int64)
    known = codes < len(counts)
    found[known] = counts[codes[known]]
    return found
