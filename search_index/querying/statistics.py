"""How rare a term is and how long a field usually is, told by the documents that everybody may read alone."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import Postings
from search_index.querying.bm25 import USUAL_LENGTH, rarity
from search_index.querying.lists.matches import Ids
from search_index.storing.corpus import Corpus

REMEMBERED_TERMS = 1 << 14

State = tuple[int, int]
"""Any change of what is public changes this: documents only ever join the row, and between two that join only
removals happen."""

Known = dict[tuple[str, str], int]


class PublicStatistics:
    """One state's; asked through `public_statistics`. `known` are counts among the stored documents, which hold
    until one of those is withdrawn; what came since is counted each time."""

    def __init__(self, corpus: Corpus, state: State, known: Known) -> None:
        self.state = state
        self.size, self.documents = state
        self._public = corpus.public.view(self.size)
        self._lengths = dict(corpus.public_lengths)
        self._stored = corpus.stored_size
        self._known = known

    def average(self, field: str) -> float:
        """Terms of a field of a public document, on average."""
        terms = self._lengths.get(field, 0)
        return terms / self.documents if terms > 0 and self.documents > 0 else USUAL_LENGTH

    def holding(self, documents: Ids) -> int:
        """How many of these are public. Documents that came in later do not count yet."""
        if self.documents == self.size:
            return len(documents) if not len(documents) or documents[-1] < self.size else self._old(documents)
        if len(documents) and documents[-1] >= self.size:
            documents = documents[: self._old(documents)]
        return int(np.count_nonzero(self._public.take(documents)))

    def holding_each(self, documents: Ids, starts: Ids) -> NDArray[np.float64]:
        """The same for rows that lie one after the other, each from its start on; the last of `starts` is the end."""
        sums = np.zeros(len(documents) + 1)
        known = documents < self.size
        np.cumsum(known & self._public.take(documents, mode="clip"), out=sums[1:])
        counts: NDArray[np.float64] = np.diff(sums.take(starts))
        return counts

    def rarity(self, field: str, term: str, postings: Postings) -> float:
        if not len(postings):
            return rarity(self.documents, 0)
        stored = len(postings) if postings.last < self._stored else int(postings.documents.searchsorted(self._stored))
        key = field, term
        holding = self._known.get(key)
        if holding is None:
            holding = self.holding(postings.documents[:stored])
            if len(self._known) >= REMEMBERED_TERMS:
                self._known.clear()
            self._known[key] = holding
        if stored < len(postings):
            holding += self.holding(postings.documents[stored:])
        return rarity(self.documents, holding)

    def _old(self, documents: Ids) -> int:
        return int(documents.searchsorted(self.size))


@dataclass(slots=True)
class _Kept:
    statistics: PublicStatistics
    known: Known
    withdrawn: int


_KEPT: WeakKeyDictionary[Corpus, _Kept] = WeakKeyDictionary()


def public_statistics(corpus: Corpus) -> PublicStatistics:
    withdrawn = corpus.statistics.withdrawn
    state = corpus.size, corpus.public_documents
    kept = _KEPT.get(corpus)
    if kept is not None and kept.statistics.state == state and kept.withdrawn == withdrawn:
        return kept.statistics
    known = kept.known if kept is not None and kept.withdrawn == withdrawn else {}
    made = PublicStatistics(corpus, state, known)
    _KEPT[corpus] = _Kept(made, known, withdrawn)
    return made
