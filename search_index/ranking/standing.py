"""The expert finder's formula: every document votes for its person, and the votes are added with care.

    v(d)  = log(1 + s(d)) · weight of the kind
    A(p)  = Σ over p's documents, best first, i = 1, 2, …: v_i · i^-0.6  +  0.3 · the same of posts that
    mention p score = A(p) · C(p) / (words p wrote / words of a usual post + 150)^0.25

C(p) is 1 but for questions of a few words: there it is how much of the question the person's documents cover
together. Where all this comes from and what was tried instead is told in docs/expert-ranking.md.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values
from search_index.ranking.votes import Answers, Bits

DECAY = 0.6
"""The i-th best document of a person counts i**-0.6: a hundred posts are not a hundred times one."""

PROLIFIC_POWER, PROLIFIC_FLOOR = 0.25, 150.0
"""Who writes much is divided by (usual posts' worth of words + 150)**0.25; .5 wrecks companies with hubs."""

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
    somebody. `people` are the codes of all who were found, rising, and `score` is theirs."""

    documents: Documents
    authors: Codes
    votes: Values
    weighed: Values
    naming: Documents
    named: Codes
    named_votes: Values
    people: Codes
    score: Values

    def own(self, person: int) -> slice:
        """Where the documents stand that speak for somebody (by their code)."""
        return slice(*np.searchsorted(self.authors, (person, person + 1)).tolist())

    def naming_of(self, person: int) -> slice:
        """Where the documents stand that name somebody."""
        return slice(*np.searchsorted(self.named, (person, person + 1)).tolist())


def add_up(reading: Reading, question: Question, answers: Answers, *, mentions: float) -> Standing:
    authors = reading.author[answers.documents].astype(np.int64)
    order = by_person_best_first(reading, answers.documents, authors, answers.votes)
    documents, authors, votes = answers.documents[order], authors[order], answers.votes[order]
    weighed = votes * _places(authors) ** -DECAY
    at, named, named_votes = _mentions(reading, documents, weighed, mentions)
    people, where = np.unique(np.concatenate([authors, named]), return_inverse=True)
    amounts = np.concatenate([weighed, named_votes])
    held = answers.held[order]
    share = _together(question, np.concatenate([held, held[at]]), where, amounts, len(people))
    total = share * np.bincount(where, amounts, len(people))
    volume = _counted(reading.corpus.statistics.person_words.view(), people) / reading.usual_length
    score: Values = np.asarray(total / (volume + PROLIFIC_FLOOR) ** PROLIFIC_POWER, np.float64)
    return Standing(documents, authors, votes, weighed, documents[at], named, named_votes, people, score)


def by_person_best_first(reading: Reading, documents: Documents, people: Codes, votes: Values) -> Codes:
    """An order by person, falling vote and `tie`. Two quick sorts of single numbers, and a slow one of the equals
    alone: sorting everything by three keys is ten times slower."""
    place = np.empty(len(votes), np.int64)
    loudest = np.argsort(-votes)
    place[loudest] = np.arange(len(votes))
    order: Codes = loudest[np.sort((people << 32) | place) & 0xFFFFFFFF]
    sorted_people, sorted_votes = people[order], votes[order]
    same = (sorted_people[1:] == sorted_people[:-1]) & (sorted_votes[1:] == sorted_votes[:-1])
    if same.any():
        runs = np.cumsum(np.concatenate([[True], ~same]))
        equals = np.flatnonzero(np.concatenate([same, [False]]) | np.concatenate([[False], same]))
        ties = reading.corpus.columns.tie.view()[documents[order[equals]]]
        order[equals] = order[equals[np.lexsort((ties, runs[equals]))]]
    return order


def _places(people: Codes) -> Values:
    """1, 2, 3, … within each run of one person."""
    starts = np.flatnonzero(np.diff(people, prepend=-1))
    firsts = np.repeat(starts, np.diff(starts, append=len(people)))
    return (np.arange(len(people)) - firsts + 1).astype(np.float64)


def _mentions(
    reading: Reading, documents: Documents, weighed: Values, share: float
) -> tuple[NDArray[np.int64], Codes, Values]:
    """Who is named in which of the documents (by their place), and what that is worth: a share of the vote."""
    if not share or not len(documents):
        nobody = np.empty(0, np.int64)
        return nobody, nobody, np.empty(0)
    at, codes = reading.corpus.mentions_of(documents)
    people = codes.astype(np.int64)
    counts = (weighed[at] > 0) & (reading.author[documents[at]] != people)  # nobody vouches for oneself
    at, people = at[counts], people[counts]
    worth = share * weighed[at]
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
    found = np.flatnonzero(standing.score > 0)
    people = standing.people[found]
    written = _counted(reading.corpus.statistics.person_documents.view(), people)
    ids = reading.corpus.columns.codes.people.ids()[people]
    return found[np.lexsort((ids, -written, -standing.score[found]))]


def _counted(counts: Codes, people: Codes) -> Codes:
    """What is counted for each person; 0 for those whom nobody counted yet."""
    found = np.zeros(len(people), np.int64)
    known = people < len(counts)
    found[known] = counts[people[known]]
    return found
