"""The expert finder's formula: every document votes for its person, and the votes are added with care.

    v(d)  = log(1 + s(d)) · weight of the kind
    A(p)  = Σ over p's documents, best first, i = 1, 2, …: v_i · i^-0.6  +  0.3 · the same of posts that
    mention p score = A(p) / (words p wrote / words of a usual post + 150)^0.25

Where it comes from and what was tried instead is told in benchmarks/RESULTS.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.corpus import Corpus, Flags
from search_index.engine import Kind, Signal, Weights
from search_index.question import Question, read_question
from search_index.reading import Reading, Values
from search_index.votes import Answers, answer

DECAY = 0.6
"""The i-th best document of a person counts i**-0.6: a hundred posts are not a hundred times one."""

PROLIFIC_POWER, PROLIFIC_FLOOR = 0.25, 150.0
"""Who writes much is divided by (usual posts' worth of words + 150)**0.25; .5 wrecks companies with hubs."""

SIGNALS: Mapping[str, Signal] = {
    Kind.ANSWER: Signal.ANSWERED,
    Kind.POST: Signal.WROTE,
    Kind.COMMENT: Signal.WROTE,
    Kind.ARTICLE: Signal.WROTE,
    Kind.ENDORSEMENT: Signal.ENDORSED,
    Kind.PRAISE: Signal.ENDORSED,
}
"""What a kind of document shows; a claimed skill, a profile or being mentioned show what one worked on."""

OWN_WORDS = frozenset({Signal.ANSWERED, Signal.WROTE})
"""What people show by writing themselves; the rest is said of them, or claimed."""

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everybody's votes for one question. `documents`, `people` and `votes` run together, sorted by person
    and within a person best first; `weighed` are the votes after the decay. The arrays over people are
    indexed by their number in the corpus."""

    question: Question
    documents: Codes
    people: Codes
    votes: Values
    weighed: Values
    mention_documents: Codes
    mention_people: Codes
    mention_votes: Values
    total: Values
    score: Values


def usable_documents(corpus: Corpus, readable: Flags, weights: Weights) -> Flags:
    """Documents that can be evidence: readable, of a kind that counts, speaking for somebody."""
    size = len(readable)
    counted = kind_weights(corpus, weights) > 0
    nobody = corpus.people.find([0])
    usable = readable & counted[corpus.kind.view(size)]
    for code in nobody:
        usable &= corpus.author.view(size) != code
    return usable


def kind_weights(corpus: Corpus, weights: Weights) -> Values:
    return np.array([weights.kinds.get(name, 0.0) for name in corpus.kind_names.names])


def stand(corpus: Corpus, readable: Flags, text: str, weights: Weights) -> tuple[Reading, Standing]:
    """Let the documents vote."""
    reading = Reading(corpus, usable_documents(corpus, readable, weights), topics=weights.topics)
    question = read_question(reading, text)
    answers = answer(reading, question)
    return reading, _add_up(corpus, reading, question, answers, weights)


def _add_up(corpus: Corpus, reading: Reading, question: Question, answers: Answers, weights: Weights) -> Standing:
    kinds = corpus.kind.view(reading.size)[answers.documents]
    votes = np.log1p(answers.scores) * kind_weights(corpus, weights)[kinds]
    authors = corpus.author.view(reading.size)[answers.documents]
    order = np.lexsort((corpus.tie.view(reading.size)[answers.documents], -votes, authors))
    documents, people, votes = answers.documents[order], authors[order], votes[order]
    place = np.arange(len(people)) - np.searchsorted(people, people) + 1.0
    weighed = votes * place**-DECAY
    everybody = len(corpus.people)
    total: Values = np.bincount(people, weighed, everybody).astype(np.float64)
    mention_documents, mention_people, mention_votes = _mentions(corpus, reading, documents, weighed, weights.mentions)
    total += np.bincount(mention_people, mention_votes, everybody)
    volume = np.zeros(everybody)
    counted = min(everybody, corpus.person_words.size)
    volume[:counted] = corpus.person_words.view(counted) / reading.usual_length
    score: Values = total / (volume + PROLIFIC_FLOOR) ** PROLIFIC_POWER
    return Standing(
        question, documents, people, votes, weighed, mention_documents, mention_people, mention_votes, total, score
    )


def _mentions(
    corpus: Corpus, reading: Reading, documents: Codes, weighed: Values, share: float
) -> tuple[Codes, Codes, Values]:
    """Who is named in the documents that answer, and what that is worth: a share of the document's vote."""
    size = min(corpus.mention_document.size, corpus.mention_person.size)
    mentioning = corpus.mention_document.view(size)
    if not share or not len(documents) or not size:
        nobody = np.empty(0, np.int64)
        return nobody, nobody, np.empty(0)
    value = np.zeros(reading.size)
    value[documents] = weighed
    inside = mentioning < reading.size
    mentioning, mentioned = mentioning[inside], corpus.mention_person.view(size)[inside]
    worth = share * value[mentioning]
    counts = (worth > 0) & (corpus.author.view(reading.size)[mentioning] != mentioned)  # nobody vouches for oneself
    mentioning, mentioned, worth = mentioning[counts], mentioned[counts], worth[counts]
    # By person and best first, so that sums do not depend on where documents are stored.
    order = np.lexsort((corpus.tie.view(reading.size)[mentioning], -worth, mentioned))
    return mentioning[order], mentioned[order], worth[order]


def ranking(corpus: Corpus, standing: Standing) -> Codes:
    """People with any evidence, best first; ties go to who wrote more, then to the older id."""
    found = np.flatnonzero(standing.score > 0)
    written = np.zeros(len(standing.score), np.int64)
    counted = min(len(written), corpus.person_documents.size)
    written[:counted] = corpus.person_documents.view(counted)
    order = np.lexsort((corpus.people.ids()[found], -written[found], -standing.score[found]))
    return found[order]
