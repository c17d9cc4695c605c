"""What one person knows: every topic that anything ties them to, and the finder's own answer to each.

A topic comes up because the person claims it, is endorsed or praised for it, tags it, names it in words, or is
named where it is. Whether that says anything is left to the finder: it is asked, and what it says is what is shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Kind
from search_index.expertise import Expert, ExpertQuery
from search_index.ranking.experts import about_person
from search_index.relating.matrix import Matrix
from search_index.relating.names import Subjects
from search_index.relating.topics import tagged, topics_of
from search_index.relations import Known, Knows, KnowsQuery
from search_index.storing.corpus import Corpus

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_DOCUMENTS, MOST_NAMING = 2_000, 300
"""The newest documents that speak for the person, and those that name them."""

BATCH = 20
"""Topics that the finder is asked about at once: a page. Those with more behind them come on an earlier one; within a
page the surest come first."""

MOST_ITEMS = 100
MOST_NAMES = 3
"""Names under which a topic is tried."""

CLAIMED, ENDORSED, TAGGED, WORDED, NAMING = 2.0, 2.0, 1.0, 0.7, 0.3
"""What a document is worth for choosing the batch, and for nothing else."""


@dataclass(slots=True)
class _Tie:
    """How a person is tied to a topic, in documents; `chance` is how many there would be if they wrote of it as
    often as everybody does."""

    claimed: int = 0
    endorsed: int = 0
    tagged: int = 0
    worded: int = 0
    naming: int = 0
    chance: float = 0.0

    @property
    def is_usual(self) -> bool:
        return self.worded <= self.chance and not (self.claimed or self.endorsed or self.tagged)

    @property
    def worth(self) -> float:
        own = CLAIMED * self.claimed + ENDORSED * self.endorsed + TAGGED * self.tagged + WORDED * self.worded
        return own + NAMING * self.naming - (WORDED * self.chance if not self.tagged else 0.0)


def topics_of_person(corpus: Corpus, query: KnowsQuery) -> Knows:
    person = next(iter(corpus.people.find([query.person_id])), None)
    if person is None:
        return Knows((), 0)
    matrix = Matrix(corpus, query.audiences)
    ties = _ties(matrix, person, query)
    ranked = sorted(ties, key=lambda topic: (-ties[topic].worth, topic))
    batches = max(1, min(query.limit, MOST_ITEMS) // BATCH)
    first = max(0, query.offset) // BATCH * BATCH
    found: list[Known] = []
    for start in range(first, min(first + batches * BATCH, len(ranked)), BATCH):
        found += _asked(corpus, query, ties, ranked[start : start + BATCH])
    asked = len(ranked[first : first + batches * BATCH])
    return Knows(tuple(found), len(ranked) - asked + len(found))


def _ties(matrix: Matrix, person: int, query: KnowsQuery) -> dict[str, _Tie]:
    ties: dict[str, _Tie] = {}

    def tie(topic: str) -> _Tie:
        return ties.setdefault(topic, _Tie())

    vocabulary = query.vocabulary
    subjects = Subjects(matrix, vocabulary)
    own = matrix.newest(matrix.of_person(person), MOST_DOCUMENTS)
    written, kinds = matrix.written(own), matrix.kinds_of(own)
    labels = tagged(matrix, own, vocabulary)
    for topic, flags in topics_of(matrix, own, matrix.words_of(own), vocabulary).items():
        labelled = labels.get(topic, np.zeros(len(own), np.bool_))
        said = kinds[flags & ~written].tolist()
        tie(topic).claimed = said.count(Kind.SKILL)
        tie(topic).endorsed = len(said) - tie(topic).claimed
        tie(topic).tagged = int(np.count_nonzero(labelled & written))
        tie(topic).worded = int(np.count_nonzero(flags & ~labelled & written))
        if not said and not tie(topic).tagged:
            share = matrix.public_count(subjects.documents(topic)) / max(1, matrix.corpus.public_documents)
            tie(topic).chance = share * int(np.count_nonzero(written))
    naming = matrix.newest(matrix.naming(person), MOST_NAMING)
    for topic, flags in tagged(matrix, naming, vocabulary).items():
        tie(topic).naming = int(np.count_nonzero(flags))
    return {
        topic: found
        for topic, found in ties.items()
        if topic in vocabulary and topic not in query.without and (query.with_usual or not found.is_usual)
    }


def _asked(corpus: Corpus, query: KnowsQuery, ties: dict[str, _Tie], topics: Sequence[str]) -> list[Known]:
    """The finder's answers about these topics, surest first; those to which it has none are left out."""
    known = []
    for topic, (name, expert) in _answers(corpus, query, topics):
        tie = ties[topic]
        told = (tie.claimed > 0, tie.endorsed, tie.tagged, tie.worded, tie.is_usual)
        known.append(Known(topic, name, expert, *told))
    return sorted(known, key=lambda one: (one.is_usual, -one.expert.confidence, -one.expert.score, one.topic))


def _answers(corpus: Corpus, query: KnowsQuery, topics: Sequence[str]) -> Iterator[tuple[str, tuple[str, Expert]]]:
    """Asks for each topic by its usual name, and where that finds nothing by its others."""
    waiting = {
        topic: [name.written for name in islice(query.vocabulary.names_of(topic), MOST_NAMES)] for topic in topics
    }
    for turn in range(MOST_NAMES):
        asked = {topic: names[turn] for topic, names in waiting.items() if turn < len(names)}
        questions = [_question(query, name) for name in asked.values()]
        for topic, expert in zip(list(asked), about_person(corpus, query.person_id, questions), strict=True):
            if expert is not None:
                yield topic, (asked[topic], expert)
                del waiting[topic]


def _question(query: KnowsQuery, name: str) -> ExpertQuery:
    return ExpertQuery(
        text=name,
        audiences=query.audiences,
        weights=query.weights,
        limit=1,
        candidates=frozenset({query.person_id}),
        evidence=query.evidence,
    )
