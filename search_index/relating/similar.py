"""Documents that resemble a draft: what was perhaps said already, or asked.

    w(t)  = (1 + log tf of t in the draft, a title's words twice) · idf(t)²     the 40 weightiest terms
    s(d)  = Σ w(t) · BM25tf(t, d)  ·  (Σ w of matched t / Σ w)^coverage

idf counts twice: once for how much the draft is about a word and once for how much the document is. Terms that
stand in most documents tell nothing and would cost the most; they are left out where rarer ones are there.
"""

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import tokens
from search_index.hits import Hit
from search_index.ranking.scratch import sums
from search_index.relating.matrix import NO_NUMBERS, Matrix
from search_index.relations import SimilarQuery
from search_index.storing.columns import NOBODY
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT, moment

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation."""

MOST_TERMS = 40
LONGEST_DRAFT = 20_000
"""Characters that are read: some 3,000 words."""

COVERAGE = 0.5
"""Exponent of the share of the draft that a document covers."""

USUAL_LENGTH = 12.0
"""Words of a document where nobody has written one that everybody may read."""

MOST_HITS = 50
FEWEST_TERMS, MOST_POSTINGS = 6, 80_000
"""Postings that are read for one draft (more for its first terms), weightiest terms first: what comes after them
costs the most and says the least. They are counted in what everybody may read."""


def similar_documents(corpus: Corpus, query: SimilarQuery) -> tuple[Hit, ...]:
    matrix = Matrix(corpus, query.audiences)
    limit = max(0, min(query.limit, MOST_HITS))
    documents, scores = resembling(
        matrix,
        query.text,
        title=query.title,
        kinds=query.kinds,
        least=query.least,
        most=limit + len(query.without),
    )
    hits = (_hit(corpus, number, score) for number, score in zip(documents.tolist(), scores.tolist(), strict=True))
    shown = (hit for hit in hits if hit.audience_id != NOBODY)  # not what was deleted since the question began
    return tuple(hit for hit in shown if hit.id not in query.without)[:limit]


def resembling(
    matrix: Matrix,
    text: str,
    *,
    title: str = "",
    kinds: frozenset[str] = frozenset(),
    coverage: float = COVERAGE,
    least: float = 0.0,
    most: int,
) -> tuple[Numbers, Values]:
    """The readable documents that resemble a text most, best first, and their scores; of those that cover so much."""
    weights, total = _weights(matrix, text, title)
    if not weights:
        return NO_NUMBERS, np.empty(0)
    corpus = matrix.corpus
    with sums(matrix.size) as score, sums(matrix.size) as cover:
        for term, weight in weights.items():
            found = corpus.postings(TEXT, term)
            known = int(np.searchsorted(found.documents, matrix.size))  # what came in just now is for the next question
            documents, frequencies = found.documents[:known], found.frequencies()[:known]
            score.add(documents, weight * _share(matrix, documents, frequencies))
            cover.add(documents, weight)
        touched = score.touched()
        covered = cover.values[touched] / total
        kept = (covered >= least) & matrix.allowed.of(touched)
        documents, covered = touched[kept], covered[kept]
        scores = score.values[documents] * covered**coverage
    if kinds:
        wanted = np.isin(corpus.kind.view(matrix.size)[documents], corpus.kind_names.find(kinds))
        documents, scores = documents[wanted], scores[wanted]
    if len(documents) > most:
        floor = np.partition(scores, len(scores) - most)[len(scores) - most]
        kept = scores >= floor
        documents, scores = documents[kept], scores[kept]
    order = np.lexsort((corpus.tie.view(matrix.size)[documents], -scores))[:most]
    return documents[order], scores[order]


def _weights(matrix: Matrix, text: str, title: str) -> tuple[dict[str, float], float]:
    """The terms that make the draft what it is and what each weighs, the heaviest first; and what they weigh together
    with those that stand in nothing that the viewer may read."""
    counts = Counter(tokens(text[:LONGEST_DRAFT])[0])
    for term, count in Counter(tokens(title[:LONGEST_DRAFT])[0]).items():
        counts[term] += 2 * count
    weighed: dict[str, float] = {}
    usual: dict[str, int] = {}
    unheard = 0.0
    for term, count in counts.items():
        documents = matrix.corpus.postings(TEXT, term).documents
        usual[term] = matrix.public_count(documents)
        weight = (1 + math.log(count)) * matrix.rarity(usual[term]) ** 2
        if matrix.reads_any(documents):
            weighed[term] = weight
        else:
            unheard += weight
    chosen: dict[str, float] = {}
    postings = 0
    for term in sorted(weighed, key=lambda term: (-weighed[term], term))[:MOST_TERMS]:
        postings += usual[term]
        if len(chosen) >= FEWEST_TERMS and postings > MOST_POSTINGS:
            break
        chosen[term] = weighed[term]
    return chosen, sum(chosen.values()) + unheard


def _share(matrix: Matrix, documents: Numbers, frequencies: Values) -> Values:
    corpus = matrix.corpus
    public = corpus.public_documents
    words = corpus.public_lengths[TEXT]
    usual = words / public if public and words else USUAL_LENGTH
    lengths = corpus.length.view(matrix.size)[documents]
    share: Values = frequencies * (K1 + 1) / (frequencies + K1 * (1 - B + B * lengths / usual))
    return share


def _hit(corpus: Corpus, number: int, score: float) -> Hit:
    return Hit(
        id=corpus.id_of(number),
        kind=corpus.kind_names.names[int(corpus.kind.view()[number])],
        score=score,
        author_id=int(corpus.people.ids()[int(corpus.author.view()[number])]),
        audience_id=int(corpus.audiences.ids()[int(corpus.audience.view()[number])]),
        created_at=moment(int(corpus.created.view()[number])),
    )
