"""What a part of a question matches: documents, and their scores once somebody asks for them.

Scores are worked out late, because an intersection needs them for its survivors only.
"""

import numpy as np
from numpy.typing import NDArray

from search_index.flat.postings import Postings
from search_index.querying.bm25 import Values, impacts, shares

Ids = NDArray[np.int64]
Flags = NDArray[np.bool_]
NO_IDS: Ids = np.empty(0, np.int64)


class Matches:
    """`documents` rise and are unique; they may hold hidden ones unless `readable` says that none is left."""

    __slots__ = ("documents", "readable")

    def __init__(self, documents: Ids) -> None:
        self.documents = documents
        self.readable = False

    def __len__(self) -> int:
        return len(self.documents)

    def places(self, documents: Ids) -> tuple[Flags, Ids]:
        """Which of these documents are here, and where each stands, or would stand. There must be some here."""
        at = self.documents.searchsorted(documents)
        return self.documents.take(at, mode="clip") == documents, at

    def scores(self) -> Values:
        """Fresh, and the caller's to change."""
        return np.zeros(len(self.documents))

    def scores_at(self, at: Ids) -> Values:
        """Those of some documents, by their places in the row."""
        return self.scores().take(at)

    def times(self, factor: float) -> "Matches":
        return self if factor == 1.0 else ScoredMatches(self.documents, self.scores() * factor)


class ScoredMatches(Matches):
    __slots__ = ("_scores",)

    def __init__(self, documents: Ids, scores: Values) -> None:
        super().__init__(documents)
        self._scores = scores

    def scores(self) -> Values:
        return self._scores.copy()

    def scores_at(self, at: Ids) -> Values:
        return self._scores.take(at)


class ConstantMatches(Matches):
    __slots__ = ("_score",)

    def __init__(self, documents: Ids, score: float) -> None:
        super().__init__(documents)
        self._score = score

    def scores(self) -> Values:
        return np.full(len(self.documents), self._score)

    def scores_at(self, at: Ids) -> Values:
        return np.full(len(at), self._score)

    def times(self, factor: float) -> Matches:
        return ConstantMatches(self.documents, self._score * factor)


class TermMatches(Matches):
    """A posting list; `weight` is the term's rarity times its boost."""

    __slots__ = ("_average", "_postings", "_weight")

    def __init__(self, postings: Postings, average_length: float, weight: float) -> None:
        self.readable = False
        self._postings = postings
        self._average = average_length
        self._weight = weight

    @property
    def documents(self) -> Ids:  # type: ignore[override]  # read alike, made when it is needed
        return self._postings.documents

    def __len__(self) -> int:
        return len(self._postings)

    def places(self, documents: Ids) -> tuple[Flags, Ids]:
        return self._postings.places(documents)

    def scores(self) -> Values:
        found = shares(self._postings, self._average)
        found *= self._weight
        return found

    def scores_at(self, at: Ids) -> Values:
        if self._postings.wide:
            return self.scores().take(at)
        found = impacts(self._average).of(self._postings.keys.take(at))
        found *= self._weight
        return found

    def times(self, factor: float) -> Matches:
        return TermMatches(self._postings, self._average, self._weight * factor)


NOTHING = Matches(NO_IDS)
