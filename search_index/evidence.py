"""Why each person is in the list: at most three proofs, the mix of signals, how sure that makes us, what
else fits.

Everything here is about documents that this viewer may read; it only describes the ranking and never
changes it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from search_index.corpus import Corpus, Flags
from search_index.engine import Evidence, Expert, ExpertQuery, Experts, Signal
from search_index.experts import OWN_WORDS, PROLIFIC_FLOOR, PROLIFIC_POWER, SIGNALS, Codes, Standing, ranking, stand
from search_index.reading import Reading, Values
from search_index.schema import moment

MOST_PEOPLE = 2_000
"""People named for facets beyond the page that is shown."""

LOUD = 0.25
"""A proof of another kind replaces a louder one of the same kind if it has this share of the best vote."""

DENSE = 1.6
"""BM25's saturation in a document that is about the question, with ordinary length."""

OCCASIONAL = PROLIFIC_FLOOR**PROLIFIC_POWER
"""What the score of somebody who hardly writes is divided by: undoes it, so that votes can be counted."""

SUPPORTED = 2
"""A related topic stands on at least so many of the documents that answer."""

NEVER = np.iinfo(np.int64).min

SIGNAL_ORDER = tuple(Signal)

RELATED = 6
OWN_TOPICS = 4

Row = tuple[int, float, Signal]
"""A document, its vote, and what it shows."""


def find_experts(corpus: Corpus, readable: Flags, query: ExpertQuery) -> Experts:
    reading, standing = stand(corpus, readable, query.text, query.weights)
    found = _wanted(corpus, ranking(corpus, standing), standing, query)
    limit, offset = max(0, min(query.limit, 100)), max(0, min(query.offset, 1000))
    page = found[offset : offset + limit]
    describe = _Describer(corpus, reading, standing, proofs=query.evidence)
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
        wanted &= _last_written(corpus, standing) >= int(query.since.timestamp())
    return found[wanted[found]]


def _last_written(corpus: Corpus, standing: Standing) -> Codes:
    """When each person last wrote about it; `NEVER` for those who are only claimed, endorsed or named."""
    kinds = corpus.kind.view()[standing.documents]
    own = np.array([SIGNALS.get(name) in OWN_WORDS for name in corpus.kind_names.names], np.bool_)[kinds]
    last = np.full(len(corpus.people), NEVER)
    np.maximum.at(last, standing.people[own], corpus.created.view()[standing.documents[own]])
    return last


class _Describer:
    """Describes the people of one page; what is needed for all of them is computed once, on whole arrays."""

    def __init__(self, corpus: Corpus, reading: Reading, standing: Standing, *, proofs: int) -> None:
        self._corpus, self._standing = corpus, standing
        self._proofs_wanted = max(0, min(proofs, 10))
        self._perfect = math.log1p(standing.question.weight * DENSE)
        self._last = _last_written(corpus, standing)
        by_kind = [SIGNAL_ORDER.index(SIGNALS.get(name, Signal.WORKED)) for name in corpus.kind_names.names]
        self._signals = np.array(by_kind, np.int64)[corpus.kind.view(reading.size)[standing.documents]]
        self._topics = _topics_of_people(corpus, reading, standing)

    def expert(self, person: int) -> Expert:
        standing = self._standing
        own = slice(*np.searchsorted(standing.people, (person, person + 1)))
        named = slice(*np.searchsorted(standing.mention_people, (person, person + 1)))
        sums = np.bincount(self._signals[own], standing.weighed[own], len(SIGNAL_ORDER)).tolist()
        sums[SIGNAL_ORDER.index(Signal.WORKED)] += float(standing.mention_votes[named].sum())
        counts = np.bincount(self._signals[own], minlength=len(SIGNAL_ORDER)).tolist()
        counts[SIGNAL_ORDER.index(Signal.WORKED)] += named.stop - named.start
        last = int(self._last[person])
        return Expert(
            person_id=int(self._corpus.people.ids()[person]),
            score=float(standing.score[person]),
            confidence=_confidence(float(standing.score[person]) * OCCASIONAL / self._perfect),
            documents=own.stop - own.start + named.stop - named.start,
            counts=dict(zip(SIGNAL_ORDER, counts, strict=True)),
            last_active=None if last == NEVER else moment(last).date(),
            shares=_shares(dict(zip(SIGNAL_ORDER, sums, strict=True))),
            evidence=tuple(self._proofs(self._rows(own, named))),
            topics=self._own_topics(person),
        )

    def _rows(self, own: slice, named: slice) -> list[Row]:
        """The best documents that speak for the person, with the best of each signal among them."""
        signals = self._signals[own]
        firsts = [int(np.argmax(signals == code)) for code in np.unique(signals).tolist()]
        places = sorted({*range(min(len(signals), self._proofs_wanted)), *firsts})
        documents, votes = self._standing.documents[own][places], self._standing.votes[own][places]
        rows = [
            (number, vote, SIGNAL_ORDER[code])
            for number, vote, code in zip(documents.tolist(), votes.tolist(), signals[places].tolist(), strict=True)
        ]
        mentions = slice(named.start, min(named.stop, named.start + self._proofs_wanted))
        rows += [
            (number, vote, Signal.WORKED)
            for number, vote in zip(
                self._standing.mention_documents[mentions].tolist(),
                self._standing.mention_votes[mentions].tolist(),
                strict=True,
            )
        ]
        return sorted(rows, key=lambda row: -row[1])

    def _proofs(self, rows: Sequence[Row]) -> Iterator[Evidence]:
        for number, vote, signal in _diverse(rows, self._proofs_wanted):
            stored = self._corpus.stored(number)
            if stored:
                yield Evidence(
                    id=stored["id"],
                    kind=self._corpus.kind_names.names[self._corpus.kind.view()[number]],
                    signal=signal,
                    vote=vote,
                    created_at=moment(int(self._corpus.created.view()[number])),
                )

    def _own_topics(self, person: int) -> tuple[str, ...]:
        people, labels, counts = self._topics
        mine = slice(*np.searchsorted(people, (person, person + 1)))
        names = self._corpus.label_names.names
        found = [(-count, names[code]) for code, count in zip(labels[mine], counts[mine], strict=True)]
        return tuple(name for _, name in sorted(found)[:OWN_TOPICS])


def _diverse(rows: Sequence[Row], wanted: int) -> list[Row]:
    """The best document of each signal that says something, then the best of the rest, loudest first."""
    loud = [row for row in rows if row[1] >= LOUD * rows[0][1]]
    chosen: dict[Signal, Row] = {}
    for row in loud:
        chosen.setdefault(row[2], row)
    picked = list(chosen.values())[:wanted]
    taken = {row[0] for row in picked}
    picked += [row for row in rows if row[0] not in taken][: wanted - len(picked)]
    return sorted(picked, key=lambda row: -row[1])


def _confidence(perfect_documents: float) -> float:
    """Grows with the evidence, counted in documents that answer the whole question, and never reaches 1. It
    follows the score, so that nobody stands above a person we are surer of."""
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


def _topics_of_people(corpus: Corpus, reading: Reading, standing: Standing) -> tuple[Codes, Codes, Codes]:
    """People, topics, and how many of the person's answering documents carry the topic; sorted by person."""
    where, labels = _label_pairs(corpus, reading.size)
    answering = np.zeros(reading.size, np.bool_)
    answering[standing.documents] = True
    counted = answering[where]
    names = max(1, len(corpus.label_names.names))
    keys = corpus.author.view(reading.size)[where[counted]] * names + labels[counted]
    distinct, counts = np.unique(keys, return_counts=True)
    return distinct // names, distinct % names, counts


def _label_pairs(corpus: Corpus, size: int) -> tuple[Codes, Codes]:
    pairs = min(corpus.label.size, corpus.label_document.size)
    where, labels = corpus.label_document.view(pairs), corpus.label.view(pairs)
    inside = where < size
    return where[inside], labels[inside]


def _related(corpus: Corpus, reading: Reading, standing: Standing) -> tuple[str, ...]:
    """Topics of the documents that answer, told apart from topics that stand everywhere."""
    where, labels = _label_pairs(corpus, reading.size)
    if not len(where) or not len(standing.documents):
        return ()
    votes: Values = np.zeros(reading.size)
    votes[standing.documents] = standing.votes
    names = corpus.label_names.names
    sums = np.bincount(labels, votes[where], len(names))
    usual = np.bincount(labels[reading.public[where]], minlength=len(names))
    support = np.bincount(labels[votes[where] > 0], minlength=len(names))
    worth = np.where(support >= SUPPORTED, sums / np.sqrt(usual + 4.0), 0.0)
    asked = {word.lower().lstrip("#") for word in standing.question.words}
    asked |= {"-".join(standing.question.words).lower(), " ".join(standing.question.words).lower()}
    found = [code for code in np.flatnonzero(worth > 0).tolist() if names[code] not in asked]
    found.sort(key=lambda code: (-worth[code], names[code]))
    return tuple(names[code] for code in found[:RELATED])
