"""The people of one page: what stands behind each, in numbers and in proofs.

A page has twenty people and some hundred documents. Whatever is needed of them is read in one go each; choosing
among the few that are left is plain Python, which is faster than arrays of three.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from search_index.expertise import NEVER, Evidence, Expert, Signal
from search_index.ranking.confidence import confidence_of
from search_index.ranking.evidence import Candidate, choose
from search_index.ranking.question import Question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents, Values
from search_index.ranking.signals import SIGNAL_ORDER, WORKED, own_kinds, signal_codes
from search_index.ranking.standing import Codes, Standing
from search_index.ranking.topics import OWN_TOPICS
from search_index.storing.schema import moment

OWN_CANDIDATES, NAMING_CANDIDATES = 10, 3
"""A person's best documents that proofs are chosen from."""

MOST_PROOFS = 10


class Page:
    """`places` are those of the shown people in `standing.people`; everything below runs over them in order."""

    def __init__(self, reading: Reading, question: Question, standing: Standing, places: Codes) -> None:
        self._reading, self._question, self._standing = reading, question, standing
        self._codes = reading.corpus.columns.codes
        self._people = standing.people[places]
        self._scores = standing.score[places]
        self._own = _Runs(standing.authors, self._people)
        self._naming = _Runs(standing.named, self._people)
        self._documents: Documents = standing.documents[self._own.places]
        kinds = reading.kind[self._documents]
        self._signals = signal_codes(self._codes.kinds.names)[kinds]
        self._is_own = own_kinds(self._codes.kinds.names)[kinds]

    def experts(self, *, proofs: int, asking: Codes) -> tuple[Expert, ...]:
        """`asking` are the authors of documents that only ask, one for each document."""
        ids = self._codes.people.ids()[self._people].tolist()
        counts, sums = self._by_signal()
        days = self._last_written()
        topics = self._topics()
        evidence = self._evidence(min(proofs, MOST_PROOFS)) if proofs > 0 else [()] * len(ids)
        asked = Counter(asking.tolist())
        public = self._reading.public_documents
        return tuple(
            Expert(
                person_id=ids[at],
                score=score,
                confidence=confidence_of(self._question, score, public),
                documents=sum(counts[at]),
                counts=dict(zip(SIGNAL_ORDER, counts[at], strict=True)),
                last_active=days[at],
                shares=_shares(sums[at]),
                evidence=evidence[at],
                topics=topics[at],
                asked=asked[person],
            )
            for at, (person, score) in enumerate(zip(self._people.tolist(), self._scores.tolist(), strict=True))
        )

    def _by_signal(self) -> tuple[list[list[int]], list[list[float]]]:
        """Of each person the documents behind each signal, and the votes."""
        people, signals = len(self._people), len(SIGNAL_ORDER)
        key = self._own.rows * signals + self._signals
        counts = np.bincount(key, minlength=people * signals).reshape(people, signals)
        weighed = self._standing.weighed[self._own.places]
        sums = np.bincount(key, weighed, people * signals).astype(np.float64).reshape(people, signals)
        counts[:, WORKED] += np.bincount(self._naming.rows, minlength=people)
        sums[:, WORKED] += np.bincount(self._naming.rows, self._standing.named_weighed[self._naming.places], people)
        return counts.tolist(), sums.tolist()

    def _last_written(self) -> list[date | None]:
        found = np.full(len(self._people), NEVER)
        np.maximum.at(found, self._own.rows[self._is_own], self._reading.created[self._documents[self._is_own]])
        return [None if when == NEVER else moment(when).date() for when in found.tolist()]

    def _topics(self) -> list[tuple[str, ...]]:
        """Of each person the topics of their documents, most frequent first."""
        at, codes = self._reading.corpus.labels_of(self._documents)
        counts: list[Counter[str]] = [Counter() for _ in self._people]
        names = self._codes.labels.names
        for row, code in zip(self._own.rows[at].tolist(), codes.tolist(), strict=True):
            counts[row][names[code]] += 1
        return [tuple(sorted(own, key=lambda name: (-own[name], name))[:OWN_TOPICS]) for own in counts]

    def _evidence(self, wanted: int) -> list[tuple[Evidence, ...]]:
        chosen = [choose(candidates, wanted) for candidates in self._candidates()]
        documents = np.array([proof.document for proofs in chosen for proof in proofs], np.int64)
        ids = iter(self._reading.corpus.ids_of(documents))
        names = self._codes.kinds.names
        kinds = iter([names[code] for code in self._reading.kind[documents].tolist()])
        return [
            tuple(
                Evidence(next(ids), next(kinds), SIGNAL_ORDER[proof.signal], proof.vote, moment(proof.created))
                for proof in proofs
            )
            for proofs in chosen
        ]

    def _candidates(self) -> list[list[Candidate]]:
        """The best documents that speak for each person, with the best of each signal among them."""
        standing, key = self._standing, self._own.rows * len(SIGNAL_ORDER) + self._signals
        best = self._own.within < OWN_CANDIDATES
        best[np.unique(key, return_index=True)[1]] = True
        named = self._naming.within < NAMING_CANDIDATES
        naming = standing.naming[self._naming.places[named]]
        found: list[list[Candidate]] = [[] for _ in self._people]
        for rows, documents, votes, signals in (
            (self._own.rows[best], self._documents[best], standing.votes[self._own.places[best]], self._signals[best]),
            (
                self._naming.rows[named],
                naming,
                standing.named_votes[self._naming.places[named]],
                np.full(len(naming), WORKED),
            ),
        ):
            for row, candidate in zip(rows.tolist(), self._made(documents, votes, signals), strict=True):
                found[row].append(candidate)
        return found

    def _made(self, documents: Documents, votes: Values, signals: NDArray[np.int64]) -> Iterator[Candidate]:
        created = self._reading.created[documents]
        lengths = self._reading.corpus.columns.length.view()[documents]
        return map(Candidate, documents.tolist(), votes.tolist(), signals.tolist(), created.tolist(), lengths.tolist())


class _Runs:
    """The runs of some values in a sorted array, one after the other: `places` in it, the `rows` of the values they
    belong to, and the place `within` the run."""

    def __init__(self, rising: Codes, values: Codes) -> None:
        first = np.searchsorted(rising, values)
        sizes = np.searchsorted(rising, values, side="right") - first
        self.rows: Codes = np.repeat(np.arange(len(values)), sizes)
        self.within: Codes = np.arange(len(self.rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self.places: Codes = np.repeat(first, sizes) + self.within


def _shares(sums: Sequence[float]) -> dict[Signal, int]:
    """Whole percents that sum to 100: what is lost by rounding down goes to the largest remainders."""
    total = sum(sums) or 1.0
    exact = [100 * value / total for value in sums]
    shares = [int(value) for value in exact]
    missing = 100 - sum(shares)
    for at in sorted(range(len(shares)), key=lambda at: shares[at] - exact[at])[:missing]:
        shares[at] += 1
    return dict(zip(SIGNAL_ORDER, shares, strict=True))
