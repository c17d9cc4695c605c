"""Words that keep company with a question: what the documents that answer it best say beside its own words.

Who asks for "virtual environments" means those who write about `venv` too. The best documents are read; a word
that several people use there and few documents elsewhere goes with the question. Its documents then count a
little for their authors, the more so where they answer the question as well.

This is relevance feedback (Rocchio's, with the weights of Lavrenko and Croft's relevance model), kept on a short
lead: few documents, words of two people at least, rare words only, a fifth of the weight.
"""

import numpy as np
from numpy.typing import NDArray

from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values, sums
from search_index.storing.words import words_of

DOCUMENTS = 12
"""The best documents that are read. From 8 to 15 they are equally good; a hundred are about other things too."""

MOST = 10
"""Companions of one question, the weightiest."""

PEOPLE = 2
"""So many authors of the best documents use a companion: one person's habits are nobody's topic."""

COMMON, MOST_FREQUENT = 0.02, 2_000
"""A word in more documents than this share, or than so many, tells too little to be a companion."""

WEIGHT = 0.2
"""What a companion counts beside a word of the question; from .1 to .3 it hardly matters, 1 spoils everything."""

ELSEWHERE = 0.5
"""What is left of that in a document without any word of the question."""

Places = NDArray[np.int64]


def companions(reading: Reading, question: Question, documents: Documents, scores: Values) -> dict[str, float]:
    """Terms and their weights: the share of the best documents that hold the term, counted by how well they
    answer, times its rarity. `documents` are usable."""
    best, worth = _best_first(reading, documents, scores)
    authors, author = np.unique(reading.author[best], return_inverse=True)
    if len(authors) < PEOPLE:
        return {}
    rank = np.argsort(best)  # a document's words come by its number, sums are made by its rank
    words = words_of(reading.corpus, best[rank])
    held_in = rank[words.rows]
    used_by = np.zeros((len(words.terms), len(authors)), np.int64)
    used_by[words.codes, author[held_in]] = 1
    shared = np.flatnonzero(used_by.sum(axis=1) >= PEOPLE)
    holds = np.zeros((len(words.terms), len(best)))
    holds[words.codes, held_in] = 1.0
    shares = (holds[shared] * (worth / worth.sum())).sum(axis=1)
    own = {*question.weights, *(form for forms in question.joined.values() for form in forms)}
    most = int(min(MOST_FREQUENT, reading.public_documents * COMMON))
    found: list[tuple[float, str]] = []
    for code, share in zip(shared.tolist(), shares.tolist(), strict=True):
        term = words.terms[code]
        rarity = None if term in own else reading.rarity_of_rare(term, most)
        if rarity is not None:
            found.append((-share * rarity, term))
    return {term: -weight for weight, term in sorted(found)[:MOST]}


def add_companions(
    reading: Reading, weights: dict[str, float], documents: Documents, scores: Values
) -> tuple[Documents, Values]:
    """The documents with what companions add to their scores, and after them usable documents of the same people
    that hold nothing but companions."""
    if not weights:
        return documents, scores
    holding, share, term = reading.said(list(weights))
    # Who has no document with a word of the question is not found by its companions alone.
    found = np.zeros(len(reading.corpus.columns.codes.people), np.bool_)
    found[reading.author.take(documents)] = True
    theirs = np.flatnonzero(found.take(reading.author.take(holding)))
    worth = np.array(list(weights.values())) * WEIGHT
    with sums(reading.size) as company:
        company.pile(holding.take(theirs), worth.take(term.take(theirs)) * share.take(theirs))
        beside = company.values.take(documents)
        company.values[documents] = 0.0
        touched = company.touched()
        amounts = company.values.take(touched)
    elsewhere = np.flatnonzero(amounts > 0.0)
    elsewhere = elsewhere[reading.usable(touched.take(elsewhere))]
    return (
        np.concatenate([documents, touched[elsewhere]]),
        np.concatenate([scores + beside, ELSEWHERE * amounts[elsewhere]]),
    )


def _best_first(reading: Reading, documents: Documents, scores: Values) -> tuple[Documents, Values]:
    """The documents that are read, best first, equals by their `tie`, and the votes that they have in it."""
    likely = np.arange(len(documents))
    if len(documents) > DOCUMENTS:
        likely = np.flatnonzero(scores >= np.partition(scores, -DOCUMENTS)[-DOCUMENTS])
    ties = reading.corpus.columns.tie.view()[documents[likely]]
    chosen: Places = likely[np.lexsort((ties, -scores[likely]))][:DOCUMENTS]
    return documents[chosen], np.log1p(scores[chosen])
