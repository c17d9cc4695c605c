"""The formula of the first release, kept as it was, so that later ones have something to beat.

    s(d)  = Σ over the question's terms t of w(t) · BM25tf(t, d)  ×  (Σ w of matched t / Σ w of all t)²
    A(p)  = Σ over p's documents, best first, i = 1, 2, …: log(1 + s_i) · i^-0.6
            + 0.3 · the same values where a document mentions p (weighed by their place with their author)
    score = A(p) / (words p wrote / words of a usual post + 150)^0.25

It reads question and posting lists as the present engine does; only what is made of them is its own.
"""

import numpy as np
from numpy.typing import NDArray

from search_index.documents import EVERYONE
from search_index.expertise import Weights
from search_index.ranking.question import Question, read_question
from search_index.ranking.reading import Reading
from search_index.storing.corpus import Corpus

DEPTH = 100

MENTIONS = 0.3
"""What a mention counted; 0 where the weights leave mentions out."""

Values = NDArray[np.float64]
Codes = NDArray[np.int64]


def ranked(corpus: Corpus, text: str, weights: Weights) -> list[int]:
    """Ids of people, best first."""
    reading = Reading(corpus, frozenset({EVERYONE}), weights)
    documents, votes = _votes(reading, read_question(reading, text))
    people = len(corpus.people)
    authors = reading.author[documents].astype(np.int64)
    order = np.lexsort((-votes, authors))
    documents, authors = documents[order], authors[order]
    place = np.arange(len(authors)) - np.searchsorted(authors, authors) + 1.0
    weighed = votes[order] * place**-0.6
    total = np.bincount(authors, weighed, people) + _mentioned(
        reading, documents, authors, weighed, MENTIONS if weights.mentions else 0.0
    )
    words = np.zeros(people)
    counted = corpus.statistics.person_words.view()[:people]
    words[: len(counted)] = counted
    score = total / (words / reading.usual_length + 150.0) ** 0.25
    found = np.flatnonzero(score > 0)
    posts = np.bincount(corpus.author.view(reading.size).astype(np.int64), minlength=people)
    best = found[np.lexsort((-posts[found], -score[found]))][:DEPTH]
    return [int(person) for person in corpus.people.ids()[best]]


def _votes(reading: Reading, question: Question) -> tuple[Codes, Values]:
    score, cover = np.zeros(reading.size), np.zeros(reading.size)
    for term, weight in question.weights.items():
        best = np.zeros(reading.size)
        for form in (term, *question.joined.get(term, ())):
            holding, share = reading.saturation(form)
            best[holding] = np.maximum(best[holding], share)
        score += weight * best
        cover += weight * (best > 0)
    documents = np.flatnonzero(score)
    documents = documents[reading.usable(documents)]
    return documents, np.log1p(score[documents] * (cover[documents] / question.weight) ** 2.0)


def _mentioned(reading: Reading, documents: Codes, authors: Codes, weighed: Values, share: float) -> Values:
    people = len(reading.corpus.people)
    if not share or not len(documents):
        return np.zeros(people)
    order = np.argsort(documents)
    at, codes = reading.corpus.mentions_of(documents[order])
    place = order[at]
    named = codes.astype(np.int64)
    others = authors[place] != named
    return np.asarray(share * np.bincount(named[others], weighed[place[others]], people), np.float64)
