"""Documents that resemble a draft: what was perhaps said already, or asked.

    w(t)  = (1 + log tf of t in the draft, a title's words twice) · idf(t)²     the 40 weightiest terms
    s(d)  = Σ w(t) · BM25tf(t, d)  ·  (Σ w of matched t / Σ w)^coverage

idf counts twice: once for how much the draft is about a word and once for how much the document is. Terms that
stand in most documents tell nothing and would cost the most; they are left out where rarer ones are there.
Words that keep company with the draft (see `company`), and words of titles that are spelled like its title's (see
`akin`), are looked for as well, for who says it in other words.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import tokens
from search_index.hits import Hit
from search_index.ranking.scratch import sums
from search_index.relating.akin import akin, weighed
from search_index.relating.company import companions
from search_index.relating.matrix import NO_NUMBERS, Matrix
from search_index.relations import SimilarQuery
from search_index.storing.columns import NOBODY
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT, TITLE, moment

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation."""

MOST_TERMS = 40
LONGEST_DRAFT = 20_000
"""Characters that are read: some 3,000 words."""

COVERAGE, CLOSELY = 0.5, 2.0
"""Exponents of the share of the draft that a document covers: to be like it, and to stand for it."""

LOOKED_AT = 150
"""Documents that may stand for a draft; some are of kinds that do not."""

USUAL_LENGTH = 12.0
"""Words of a document where nobody has written one that everybody may read."""

NEAREST = 10
"""Companions that count as if the draft said them, where a document's title is looked at."""

MOST_HITS = 50
FEWEST_TERMS, MOST_POSTINGS = 6, 80_000
"""Postings that are read for one draft (more for its first terms), weightiest terms first: what comes after them
costs the most and says the least. They are counted in what everybody may read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What makes a draft what it is: its terms and what each weighs, the heaviest first; and what they weigh together
    with those that stand in nothing that the viewer may read. ``meant`` are the words that say the same, or nearly, and
    how nearly."""

    weights: Mapping[str, float]
    total: float
    meant: Mapping[str, float] = field(default_factory=dict)

    def joined_by(self, companions: Mapping[str, float]) -> "Draft":
        """The same in other words too; companions come heaviest first."""
        scale = sum(self.weights.values())
        others = {term: scale * share for term, share in companions.items()}
        meant = dict.fromkeys([*self.weights, *list(companions)[:NEAREST]], 1.0)
        return Draft({**self.weights, **others}, self.total, meant)

    def spelled_as(self, said: Mapping[str, float], weights: Mapping[str, float]) -> "Draft":
        """The same with words that are akin to it, of which it says so much."""
        joined = {**self.weights, **{term: self.weights.get(term, 0.0) + weight for term, weight in weights.items()}}
        return Draft(joined, self.total, {**said, **self.meant})


def similar_documents(corpus: Corpus, query: SimilarQuery) -> tuple[Hit, ...]:
    matrix = Matrix(corpus, query.audiences)
    draft = draft_of(matrix, query.text, query.title)
    around = resembling(matrix, draft, coverage=CLOSELY, most=LOOKED_AT)
    meant = draft.joined_by(companions(matrix, draft.weights, *around))
    spelled = akin(matrix, tokens(query.title[:LONGEST_DRAFT])[0])
    meant = meant.spelled_as(spelled, weighed(matrix, spelled))
    limit = max(0, min(query.limit, MOST_HITS))
    most = limit + len(query.without)
    documents, scores = resembling(matrix, meant, kinds=query.kinds, least=query.least, titled=query.titled, most=most)
    hits = (_hit(corpus, number, score) for number, score in zip(documents.tolist(), scores.tolist(), strict=True))
    shown = (hit for hit in hits if hit.audience_id != NOBODY)  # not what was deleted since the question began
    return tuple(hit for hit in shown if hit.id not in query.without)[:limit]


def resembling(
    matrix: Matrix,
    draft: Draft,
    *,
    kinds: frozenset[str] = frozenset(),
    coverage: float = COVERAGE,
    least: float = 0.0,
    titled: float = math.inf,
    most: int,
) -> tuple[Numbers, Values]:
    """The readable documents that resemble a draft most, best first, and their scores; of those that cover so much of
    it, or whose titles it says so much of."""
    if not draft.weights:
        return NO_NUMBERS, np.empty(0)
    corpus = matrix.corpus
    with sums(matrix.size) as score, sums(matrix.size) as cover:
        for term, weight in draft.weights.items():
            found = corpus.postings(TEXT, term)
            known = int(np.searchsorted(found.documents, matrix.size))  # what came in just now is for the next question
            documents, frequencies = found.documents[:known], found.frequencies()[:known]
            score.add(documents, weight * _share(matrix, documents, frequencies))
            cover.add(documents, weight)
        touched = score.touched()
        wanted = matrix.allowed.of(touched)
        if kinds:
            wanted &= np.isin(corpus.kind.view(matrix.size)[touched], corpus.kind_names.find(kinds))
        documents = touched[wanted]
        covered = np.minimum(cover.values[documents] / draft.total, 1.0)
        scores = score.values[documents] * covered**coverage
    kept = covered >= least
    if titled <= 1 and not kept.all():
        kept |= _said_of_titles(matrix, draft, documents) >= titled
    documents, scores = documents[kept], scores[kept]
    if len(documents) > most:
        floor = np.partition(scores, len(scores) - most)[len(scores) - most]
        kept = scores >= floor
        documents, scores = documents[kept], scores[kept]
    order = np.lexsort((corpus.tie.view(matrix.size)[documents], -scores))[:most]
    return documents[order], scores[order]


def _said_of_titles(matrix: Matrix, draft: Draft, documents: Numbers) -> Values:
    """Which share of each document's title the draft says, or nearly says."""
    corpus = matrix.corpus
    with sums(matrix.size) as said:
        for term, nearly in draft.meant.items():
            found = corpus.postings(TITLE, term).documents
            said.add(found[found < matrix.size], nearly)
        shares: Values = said.values[documents] / np.maximum(corpus.title_length.view(matrix.size)[documents], 1)
    return shares


def draft_of(matrix: Matrix, text: str, title: str = "") -> Draft:
    """What a text under a title is about, for this viewer."""
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
    return Draft(chosen, sum(chosen.values()) + unheard)


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
