"""One viewer's reading of who wrote what about what.

Which documents there are is asked among those the viewer may read; how usual a word or a topic is, among those
that everybody may read. Nothing here reads more than the documents of the person, topic or word asked about.
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Kind
from search_index.storing.columns import WRITTEN
from search_index.storing.corpus import Corpus
from search_index.storing.schema import LABEL, TEXT, TITLE
from search_index.storing.words import Words, words_of

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

NO_NUMBERS: Numbers = np.empty(0, np.int64)

FIRST_LOOK = 64

CLAIMED = (Kind.SKILL, Kind.ENDORSEMENT, Kind.PRAISE)
"""Kinds that tie a person to a topic by somebody's word; the others do so by what the person wrote."""


class Matrix:
    """Made for one question, used by one thread."""

    def __init__(self, corpus: Corpus, audiences: Iterable[int]) -> None:
        self.corpus = corpus
        self.allowed = corpus.allowed(audiences)
        self.size = self.allowed.size
        self._speaking = np.zeros(len(corpus.kind_names.names), np.bool_)
        self._speaking[corpus.kind_names.find((*WRITTEN, *CLAIMED))] = True
        self._written = np.zeros(len(corpus.kind_names.names), np.bool_)
        self._written[corpus.kind_names.find(WRITTEN)] = True

    # -- documents

    def speaking(self, documents: Numbers) -> Numbers:
        """Those that the viewer may read and that tell what somebody works on: no profiles, no topics."""
        kept = self.allowed.keep(documents)
        found: Numbers = kept[self._speaking[self.corpus.kind.view(self.size)[kept]]]
        return found

    def reads_any(self, documents: Numbers) -> bool:
        """Whether the viewer may read one of them; nearly always that shows among the first few."""
        return bool(self.allowed.of(documents[:FIRST_LOOK]).any() or self.allowed.of(documents[FIRST_LOOK:]).any())

    def written(self, documents: Numbers) -> NDArray[np.bool_]:
        """Which of them their author wrote, and did not merely claim or receive."""
        return self._written[self.corpus.kind.view(self.size)[documents]]

    def kinds_of(self, documents: Numbers) -> NDArray[np.object_]:
        names = np.array(self.corpus.kind_names.names, np.object_)
        kinds: NDArray[np.object_] = names[self.corpus.kind.view(self.size)[documents]]
        return kinds

    def of_person(self, person: int) -> Numbers:
        """What speaks for somebody (by their code), rising."""
        return self.speaking(self.corpus.documents_of(person))

    def naming(self, person: int) -> Numbers:
        """What names somebody (by their code) and was written by others, rising."""
        named = self.speaking(self.corpus.mentioning(person))
        found: Numbers = named[self.people_of(named) != person]
        return found

    def labelled(self, label: str) -> Numbers:
        return self.speaking(self.corpus.postings(LABEL, label).documents)

    def holding(self, term: str) -> Numbers:
        return self.speaking(self.corpus.postings(TEXT, term).documents)

    def labels_of(self, documents: Numbers) -> tuple[Numbers, Numbers]:
        """Places in `documents`, and the code of a label that stands there."""
        rows, codes = self.corpus.labels_of(documents)
        return rows, codes.astype(np.int64)

    def words_of(self, documents: Numbers) -> Words:
        return words_of(self.corpus, documents)

    def people_of(self, documents: Numbers) -> Numbers:
        return self.corpus.author.view(self.size)[documents].astype(np.int64)

    def newest(self, documents: Numbers, most: int) -> Numbers:
        """The newest of them, rising; of those written in one instant always the same."""
        if len(documents) <= most:
            return documents
        created, tie = (column.view(self.size)[documents] for column in (self.corpus.created, self.corpus.tie))
        return np.sort(documents[np.lexsort((tie, -created))[:most]])

    # -- how usual things are

    def public_count(self, documents: Numbers) -> int:
        return int(np.count_nonzero(self.corpus.public.view(self.size)[documents[documents < self.size]]))

    def rarity(self, public_count: int) -> float:
        """The inverse document frequency of what so many public documents hold."""
        total = max(self.corpus.public_documents, public_count)
        return math.log(1 + (total - public_count + 0.5) / (public_count + 0.5))

    def is_a_name(self, term: str) -> bool:
        """Whether somebody is called so: such a word names a person and no subject."""
        titled = self.corpus.postings(TITLE, term).documents
        kinds = self.corpus.kind_names.find([Kind.PERSON])
        titled = titled[titled < self.size]
        return bool(np.isin(self.corpus.kind.view(self.size)[self.allowed.keep(titled)], kinds).any())
