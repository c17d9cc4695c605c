"""Why each person is in the list: at most three proofs, the mix of signals, how sure that makes us, what
else fits.

Everything here is about documents that this viewer may read; it only describes the ranking and never
changes it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from search_index.corpus import Corpus, Flags
from search_index.engine import Evidence, Expert, ExpertQuery, Experts, Signal
from search_index.experts import SIGNALS, Codes, Standing, ranking, stand
from search_index.reading import Reading, Values
from search_index.schema import moment

MOST_PEOPLE = 2_000
"""People named for facets beyond the page that is shown."""

CONSIDERED = 12
"""The best documents of a person among which proofs of different kinds are looked for."""

RELATED = 6
OWN_TOPICS = 4

Row = tuple[int, float, Signal]
"""A document, its vote, and what it shows."""


def find_experts(corpus: Corpus, readable: Flags, query: ExpertQuery) -> Experts:
    reading, standing = stand(corpus, readable, query.text, query.weights)
    found = _wanted(corpus, ranking(corpus, standing), standing, query)
    limit, offset = max(0, min(query.limit, 100)), max(0, min(query.offset, 1000))
    page = found[offset : offset + limit]
    best = _strongest_vote(standing)
    describe = _Describer(corpus, reading, standing, best, query.evidence)
    return Experts(
        items=tuple(describe.expert(int(person)) for person in page),
        total=len(found),
        people=tuple(corpus.people.ids()[found[:MOST_PEOPLE]].tolist()),
        words=standing.question.words,
        unknown=standing.question.unknown,
        related=_related(corpus, reading, standing),
    )


def _wanted(corpus: Corpus, found: Codes, standing: Standing, query: ExpertQuery) -> Codes:
    wanted = np.ones(len(corpus.people), np.bool_)
    if query.candidates is not None:
        wanted[:] = False
        wanted[corpus.people.find(query.candidates)] = True
    wanted[corpus.people.find({0, *query.without})] = False
    if query.since is not None:
        wanted &= _last_moments(corpus, standing) >= int(query.since.timestamp())
    return found[wanted[found]]


def _last_moments(corpus: Corpus, standing: Standing) -> Codes:
    created = corpus.created.view()
    last = np.full(len(corpus.people), np.iinfo(np.int64).min)
    np.maximum.at(last, standing.people, created[standing.documents])
    np.maximum.at(last, standing.mention_people, created[standing.mention_documents])
    return last


def _strongest_vote(standing: Standing) -> float:
    """The vote of a document that covers the whole question with ordinary density."""
    return math.log1p(standing.question.weight * 1.6)


@dataclass(slots=True)
class _Describer:
    corpus: Corpus
    reading: Reading
    standing: Standing
    best: float
    proofs: int

    def expert(self, person: int) -> Expert:
        rows, weighed = self._rows(person)
        documents = [number for number, _, _ in rows]
        created = self.corpus.created.view()
        latest = max(int(created[number]) for number in documents)
        return Expert(
            person_id=int(self.corpus.people.ids()[person]),
            score=float(self.standing.score[person]),
            confidence=_confidence(float(self.standing.total[person]) / self.best),
            documents=len(rows),
            last_active=moment(latest).date(),
            shares=_shares(weighed),
            evidence=tuple(self._proofs(rows)),
            topics=_own_topics(self.corpus, documents),
        )

    def _rows(self, person: int) -> tuple[list[Row], dict[Signal, float]]:
        """The person's documents, best first, and the sum of what each signal adds to the score."""
        own = slice(*np.searchsorted(self.standing.people, (person, person + 1)))
        named = slice(*np.searchsorted(self.standing.mention_people, (person, person + 1)))
        kinds = self.corpus.kind.view()
        names = self.corpus.kind_names.names
        rows: list[Row] = []
        sums: dict[Signal, float] = dict.fromkeys(Signal, 0.0)
        for number, vote, worth in zip(
            self.standing.documents[own].tolist(),
            self.standing.votes[own].tolist(),
            self.standing.weighed[own].tolist(),
            strict=True,
        ):
            signal = SIGNALS.get(names[kinds[number]], Signal.WORKED)
            rows.append((number, vote, signal))
            sums[signal] += worth
        mentions = zip(
            self.standing.mention_documents[named].tolist(), self.standing.mention_votes[named].tolist(), strict=True
        )
        for number, worth in mentions:
            rows.append((number, worth, Signal.WORKED))
            sums[Signal.WORKED] += worth
        rows.sort(key=lambda row: -row[1])
        return rows, sums

    def _proofs(self, rows: Sequence[Row]) -> Iterable[Evidence]:
        for number, vote, signal in _diverse(rows, max(0, min(self.proofs, 10))):
            stored = self.corpus.stored(number)
            if stored:
                yield Evidence(
                    id=stored["id"],
                    kind=self.corpus.kind_names.names[self.corpus.kind.view()[number]],
                    signal=signal,
                    vote=vote,
                    created_at=moment(int(self.corpus.created.view()[number])),
                )


def _diverse(rows: Sequence[Row], wanted: int) -> list[Row]:
    """The best document of each signal first, then the best of the rest; in the order of their votes."""
    chosen: list[Row] = []
    for signal in dict.fromkeys(row[2] for row in rows[:CONSIDERED]):
        chosen += islice((row for row in rows if row[2] is signal), 1)
    chosen = chosen[:wanted]
    taken = {row[0] for row in chosen}
    chosen += islice((row for row in rows if row[0] not in taken), wanted - len(chosen))
    return sorted(chosen, key=lambda row: -row[1])


def _confidence(perfect_documents: float) -> float:
    """Grows with the evidence, counted in documents that answer the whole question, and never reaches 1."""
    return round(perfect_documents / (perfect_documents + 1.2), 4)


def _shares(sums: Mapping[Signal, float]) -> dict[Signal, int]:
    """Whole percents that sum to 100: what is lost by rounding down goes to the largest remainders."""
    total = sum(sums.values()) or 1.0
    exact = {signal: 100 * value / total for signal, value in sums.items()}
    shares = {signal: int(value) for signal, value in exact.items()}
    missing = 100 - sum(shares.values())
    for signal in sorted(exact, key=lambda signal: shares[signal] - exact[signal])[:missing]:
        shares[signal] += 1
    return shares


def _own_topics(corpus: Corpus, documents: Sequence[int]) -> tuple[str, ...]:
    size = min(corpus.label.size, corpus.label_document.size)
    mine = corpus.label.view(size)[np.isin(corpus.label_document.view(size), documents)]
    counts = Counter(corpus.label_names.names[code] for code in mine.tolist())
    return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:OWN_TOPICS])


def _related(corpus: Corpus, reading: Reading, standing: Standing) -> tuple[str, ...]:
    """Topics of the documents that answer, told apart from topics that stand everywhere."""
    size = min(corpus.label.size, corpus.label_document.size)
    if not size or not len(standing.documents):
        return ()
    votes: Values = np.zeros(reading.size)
    votes[standing.documents] = standing.votes
    where, labels = corpus.label_document.view(size), corpus.label.view(size)
    inside = where < reading.size
    where, labels = where[inside], labels[inside]
    names = corpus.label_names.names
    sums = np.bincount(labels, votes[where], len(names))
    usual = np.bincount(labels[reading.public[where]], minlength=len(names))
    worth = sums / np.sqrt(usual + 4.0)
    asked = {word.lower().lstrip("#") for word in standing.question.words}
    asked |= {"-".join(standing.question.words).lower(), " ".join(standing.question.words).lower()}
    found = [code for code in np.flatnonzero(worth > 0).tolist() if names[code] not in asked]
    found.sort(key=lambda code: (-worth[code], names[code]))
    return tuple(names[code] for code in found[:RELATED])
