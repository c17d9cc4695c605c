"""One question's view of the corpus: the documents it may use, and how much a term says there.

Which documents hold a term is asked among those the viewer may read. How rare a term is and how long a
document usually is, is asked among those that everybody may read. So nothing that a viewer may not read can
show in an answer to them, not even through a score.

Nothing here costs more than the posting lists of the question's terms: whether a document may be used is
asked of single documents, and of as few of them as will do.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.asking import ASKS
from search_index.documents import FOR_OTHERS, Kind
from search_index.expertise import Weights
from search_index.flat.postings import NO_POSTINGS, Postings
from search_index.querying.bm25 import K1, USUAL_LENGTH, B, impacts, shares
from search_index.ranking.scratch import Documents, Values
from search_index.storing.corpus import Corpus
from search_index.storing.schema import TEXT, TOPIC

FIRST_LOOK = 64
"""Whether any usable document holds a term shows nearly always among the first few."""

Flags = NDArray[np.bool_]


class Reading:
    """Made for one question, used by one thread."""

    def __init__(self, corpus: Corpus, audiences: frozenset[int], weights: Weights) -> None:
        self.corpus = corpus
        self.allowed = corpus.allowed(audiences)
        self.size = self.allowed.size
        columns, codes = corpus.columns, corpus.columns.codes
        self.author, self.kind = columns.author.view(self.size), columns.kind.view(self.size)
        self.created = columns.created.view(self.size)
        self.kind_weights: Values = np.array([weights.kinds.get(name, 0.0) for name in codes.kinds.names])
        self._topics = weights.topics
        self._nobody = next(iter(codes.people.find([0])), -1)
        self._question_kind = next(iter(codes.kinds.find([Kind.QUESTION])), -1)
        self._asks = sum(1 << code for code in codes.flags.find([ASKS]))
        self._silent = self._asks | sum(1 << code for code in codes.flags.find([FOR_OTHERS]))
        statistics = corpus.statistics
        self._public = statistics.public.view()
        self._public_documents = statistics.documents
        words, documents = statistics.lengths[TEXT], statistics.documents
        self.usual_length = words / documents if words > 0 and documents > 0 else USUAL_LENGTH
        self._lists: dict[tuple[str, str], Postings] = {}

    def usable(self, documents: Documents) -> Flags:
        """Which of these may be evidence: alive, readable, of a kind that counts, speaking for whoever wrote it, and
        saying something instead of only asking."""
        counted = self.kind_weights > 0
        flags: Flags = np.logical_and(self.allowed.of(documents), self.author[documents] != self._nobody)
        if not counted.all():
            flags &= counted[self.kind[documents]]
        if self._silent:
            flags &= self.corpus.columns.flags.view()[documents] & self._silent == 0
        return flags

    def asking(self, documents: Documents) -> Flags:
        """Which of these are readable and only ask: they show what somebody is interested in."""
        if not self._asks and self._question_kind < 0:
            return np.zeros(len(documents), np.bool_)
        kinds = self.kind[documents]
        asks = kinds == self._question_kind
        if self._asks:
            flagged = self.corpus.columns.flags.view()[documents] & self._asks != 0
            asks |= flagged & (self.kind_weights > 0)[kinds]
        asks[asks] = self.allowed.of(documents[asks])
        found: Flags = np.logical_and(asks, self.author[documents] != self._nobody)
        return found

    def knows(self, term: str, *, at_least: int = 1) -> bool:
        """Whether so many documents hold the term that may be evidence, or that ask."""
        found = 0
        for documents in self._in_pieces(term):
            usable = self.usable(documents)
            found += int(np.count_nonzero(usable))
            if found < at_least:
                found += int(np.count_nonzero(self.asking(documents[~usable])))
            if found >= at_least:
                return True
        return False

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term."""
        known = self.corpus.public_frequency(TEXT, term) + self.public_count(self._topic_alone(term))
        total = max(self._public_documents, known)
        return math.log(1 + (total - known + 0.5) / (known + 0.5))

    @property
    def public_documents(self) -> int:
        """Documents that statistics rest on."""
        return self._public_documents

    def rarity_of_rare(self, term: str, most: int) -> float | None:
        """The inverse document frequency of a term in texts; None where it stands in more than so many documents
        or in none."""
        known = self.corpus.public_frequency(TEXT, term, most)
        if not 0 < known <= most:
            return None
        total = max(self._public_documents, known)
        return math.log(1 + (total - known + 0.5) / (known + 0.5))

    def said(self, terms: Sequence[str]) -> tuple[Documents, Values, NDArray[np.int64]]:
        """BM25's share of each term in each text that holds it, usable or not, topics that are attached aside; and
        which of the terms it is of."""
        documents, keys, term = self.corpus.gathered(TEXT, terms)
        share = impacts(self.usual_length).of(keys)
        if int(documents.max(initial=0)) >= self.size:
            # What came in since the question began is for the next one.
            known = documents < self.size
            documents, share, term = documents[known], share[known], term[known]
        return documents, share, term

    def public_count(self, documents: Documents) -> int:
        """How many of these count for statistics."""
        return int(np.count_nonzero(self._public.take(documents, mode="clip")))

    def saturation(self, term: str) -> tuple[Documents, Values]:
        """BM25's share of the term in each document that holds it, usable or not, in no particular order.

        A topic that is attached counts like words of the text.
        """
        text, topic = self._list(TEXT, term), self._topic(term)
        share = shares(text, self.usual_length)
        if not len(topic):
            return text.documents, share
        at = _places(text.documents, topic.documents)
        both = at >= 0
        counts = topic.frequencies() * self._topics
        counts[both] += text.frequencies()[at[both]]
        columns = self.corpus.columns
        lengths = columns.length.view()[topic.documents] + columns.topic_length.view()[topic.documents]
        exact = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / self.usual_length))
        share[at[both]] = exact[both]
        return np.concatenate([text.documents, topic.documents[~both]]), np.concatenate([share, exact[~both]])

    def close(self) -> None:
        """Let go of the posting lists, which are as long as words are common: the question has been answered."""
        self._lists = {}

    def _topic_alone(self, term: str) -> Documents:
        """The documents that have the term in a topic and not in their text."""
        topic = self._topic(term).documents
        return topic[_places(self._list(TEXT, term).documents, topic) < 0] if len(topic) else topic

    def _in_pieces(self, term: str) -> Iterator[Documents]:
        """The documents that hold the term, each once; those with it as a topic are read if they are asked for."""
        yield from _pieces(self._list(TEXT, term).documents)
        yield from _pieces(self._topic_alone(term))

    def _topic(self, term: str) -> Postings:
        return self._list(TOPIC, term) if self._topics else NO_POSTINGS

    def _list(self, field: str, term: str) -> Postings:
        found = self._lists.get((field, term))
        if found is None:
            found = self.corpus.postings(field, term)
            if len(found) and found.documents[-1] >= self.size:
                # What came in since the question began is for the next one.
                known = int(np.searchsorted(found.documents, self.size))
                wide = {at: frequency for at, frequency in found.wide.items() if at < known}
                found = Postings(found.documents[:known], found.keys[:known], wide)
            self._lists[field, term] = found
        return found


def _pieces(documents: Documents) -> Iterator[Documents]:
    if len(documents):
        yield documents[:FIRST_LOOK]
    if len(documents) > FIRST_LOOK:
        yield documents[FIRST_LOOK:]


def _places(rising: Documents, wanted: Documents) -> NDArray[np.int64]:
    """Where each wanted document stands in a rising list; -1 where it does not."""
    if not len(rising):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)
    return np.where(rising[at] == wanted, at, -1)
