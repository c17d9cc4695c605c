"""One question's view of the corpus: the documents it may use, and how much a term says there.

Which documents hold a term is asked among those the viewer may read. How rare a term is and how long a
document usually is, is asked among those that everybody may read. So nothing that a viewer may not read can
show in an answer to them, not even through a score.
"""

import math
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from search_index.codec import Postings
from search_index.corpus import Corpus, Flags
from search_index.engine import Kind
from search_index.schema import LABEL, TEXT, TITLE, TOPIC

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation."""

USUAL_LENGTH = 12.0
"""Words of a document where nobody has written one that everybody may read."""

LISTED_TERMS = (400, 20_000)
EXAMINED_TERMS = 400
USED_TERMS = 128
"""A beginning of a word stands for the 128 commonest of the first 400 terms that this viewer can read.
More terms are listed only where the first list holds too many that the viewer cannot."""

Values = NDArray[np.float64]


class Reading:
    """Made for one question, used by one thread. `usable` are the documents that it may see; with `titles`
    people are also found by their names, which are no evidence and stand apart from their text."""

    def __init__(self, corpus: Corpus, usable: Flags, *, topics: float = 1.0, titles: bool = False) -> None:
        self.corpus = corpus
        self.usable = usable
        self.size = len(usable)
        self._topics = topics
        self._titles = titles
        self._kept: dict[str, Postings] = {}
        self._person_kind = next(iter(corpus.kind_names.find([Kind.PERSON])), -1)
        self._usual_length = corpus.public_words / corpus.public_documents if corpus.public_words > 0 else USUAL_LENGTH

    @property
    def usual_length(self) -> float:
        return self._usual_length

    @cached_property
    def public(self) -> Flags:
        return self.corpus.public(self.size)

    def postings(self, term: str) -> Postings:
        """Usable documents with the term in their text or, weighed, in their topics."""
        found = self._kept.get(term)
        if found is None:
            found = self._kept[term] = self._usable(self._everywhere(term))
        return found

    def title_postings(self, term: str) -> Postings:
        return self._usable(self.corpus.postings(TITLE, term))

    def labelled(self, label: str) -> NDArray[np.int64]:
        return self._usable(self.corpus.postings(LABEL, label))[0]

    def knows(self, term: str) -> bool:
        return len(self.postings(term)[0]) > 0

    def rarity(self, *terms: str) -> float:
        """The inverse document frequency of a term, or of several that stand for one another."""
        lists = [self._everywhere(term)[0] for term in terms]
        ids = lists[0] if len(lists) == 1 else np.unique(np.concatenate(lists))
        known = int(np.count_nonzero(self.public[ids[ids < self.size]]))
        total = max(self.corpus.public_documents, known)
        return math.log(1 + (total - known + 0.5) / (known + 0.5))

    def saturation(self, term: str) -> tuple[NDArray[np.int64], Values]:
        """BM25's share of the term in each usable document that holds it."""
        ids, counts = self.postings(term)
        lengths = self.corpus.length.view(self.size)[ids].astype(np.float64)
        if self._topics:
            lengths += self.corpus.topic_length.view(self.size)[ids]
        norm = K1 * (1 - B + B * lengths / self._usual_length)
        return ids, counts * (K1 + 1) / (counts + norm)

    def beginning_with(self, prefix: str) -> list[str]:
        """The commonest readable terms that begin so, at most 128; the commonest first."""
        found: dict[str, int] = {}
        for limit in LISTED_TERMS:
            listed = self._listed(prefix, limit)
            known = ((term, len(self.postings(term)[0])) for term in listed)
            found = dict(islice(((term, count) for term, count in known if count), EXAMINED_TERMS))
            if len(found) == EXAMINED_TERMS or len(listed) < limit:
                break
        return sorted(found, key=lambda term: (-found[term], term))[:USED_TERMS]

    def _listed(self, prefix: str, limit: int) -> list[str]:
        # A term that readable documents have as a topic must be found whether or not a hidden text holds it.
        fields = [TEXT, *([TOPIC] if self._topics else []), *([TITLE] if self._titles else [])]
        return sorted({term for name in fields for term in self.corpus.terms_from(name, prefix, limit)})[:limit]

    def _everywhere(self, term: str) -> Postings:
        found = self.corpus.postings(TEXT, term)
        if self._titles:
            title = self.corpus.postings(TITLE, term)
            named = self.corpus.kind.view()[title[0]] == self._person_kind
            found = _sum_of(found, (title[0][named], title[1][named]))
        if self._topics:
            topic = self.corpus.postings(TOPIC, term)
            found = _sum_of(found, (topic[0], topic[1] * self._topics))
        return found

    def _usable(self, found: Postings) -> Postings:
        ids, counts = found
        keep = ids < self.size  # what came in since the question began is for the next one
        keep[keep] = self.usable[ids[keep]]
        return (ids, counts) if keep.all() else (ids[keep], counts[keep])


def _sum_of(one: Postings, other: Postings) -> Postings:
    if not len(other[0]):
        return one
    ids, where = np.unique(np.concatenate([one[0], other[0]]), return_inverse=True)
    return ids, np.bincount(where, np.concatenate([one[1], other[1]]), len(ids)).astype(np.float64)
