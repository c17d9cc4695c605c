"""From a question to ranked people with their proofs.

Everything here is about documents that this viewer may read. What describes people (proofs, shares, topics) is
made for those who are shown, and never changes the ranking.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.engine import NEVER, Evidence, Expert, ExpertQuery, Experts, Signal
from search_index.ranking.confidence import confidence_of
from search_index.ranking.evidence import Candidates, choose
from search_index.ranking.question import Question, read_question
from search_index.ranking.reading import Reading
from search_index.ranking.scratch import Documents
from search_index.ranking.signals import SIGNAL_ORDER, WORKED, own_kinds, signal_codes
from search_index.ranking.standing import Codes, Standing, add_up, ranking
from search_index.ranking.topics import own_topics, related_topics
from search_index.ranking.votes import answer
from search_index.storing.corpus import Corpus
from search_index.storing.schema import moment

MOST_PEOPLE = 2_000
"""People named beyond the page that is shown."""

MOST_INTERESTED = 10
"""People named who only ask."""

MOST_SHOWN, DEEPEST = 100, 1_000

OWN_CANDIDATES, NAMING_CANDIDATES = 24, 6
"""A person's best documents that proofs are chosen from."""


def find_experts(corpus: Corpus, query: ExpertQuery) -> Experts:
    asked = Asked(corpus, query)
    found = asked.wanted()
    limit, offset = max(0, min(query.limit, MOST_SHOWN)), max(0, min(query.offset, DEEPEST))
    standing, question = asked.standing, asked.question
    people = asked.ids[standing.people[found]]
    return Experts(
        items=tuple(asked.expert(int(place)) for place in found[offset : offset + limit]),
        total=len(found),
        people=tuple(people[:MOST_PEOPLE].tolist()),
        words=question.words,
        unknown=question.unknown,
        related=related_topics(asked.reading, question, standing.documents, standing.votes),
        interested=asked.interested(),
    )


def about_person(corpus: Corpus, person_id: int, questions: Sequence[ExpertQuery]) -> list[Expert | None]:
    """What the finder says about one person to each of many questions; None where nothing speaks for them."""
    found: list[Expert | None] = []
    for query in questions:
        asked = Asked(corpus, query)
        places = [place for place in asked.wanted().tolist() if asked.ids[asked.standing.people[place]] == person_id]
        found.append(asked.expert(places[0]) if places else None)
    return found


class Asked:
    """One question with everybody's standing."""

    def __init__(self, corpus: Corpus, query: ExpertQuery) -> None:
        self.query = query
        self.reading = Reading(corpus, query.audiences, query.weights)
        self.question: Question = read_question(self.reading, query.text)
        answers = answer(self.reading, self.question)
        self.standing: Standing = add_up(self.reading, self.question, answers, mentions=query.weights.mentions)
        self._asking = self.reading.author[answers.asking]
        columns = corpus.columns
        self._corpus, self._codes = corpus, columns.codes
        self.ids: NDArray[np.int64] = columns.codes.people.ids()
        self._created = columns.created.view(self.reading.size)
        self._signals = signal_codes(columns.codes.kinds.names)
        self._own_kinds = own_kinds(columns.codes.kinds.names)

    def wanted(self) -> Codes:
        """The places of the people that the query asks for, best first."""
        found = ranking(self.reading, self.standing)
        people = self.standing.people[found]
        unwanted = self._codes.people.find({0, *self.query.without})
        keep = ~np.isin(people, unwanted)
        if self.query.candidates is not None:
            keep &= np.isin(people, self._codes.people.find(self.query.candidates))
        found = found[keep]
        if self.query.since is not None or self.query.narrow is not None:
            last = self.last_written()[found]
            if self.query.since is not None:
                kept = last >= int(self.query.since.timestamp() * 1000)
                found, last = found[kept], last[kept]
            if self.query.narrow is not None:
                found = found[self.query.narrow(self.ids[self.standing.people[found]], last)]
        return found

    def last_written(self) -> NDArray[np.int64]:
        """When each person found last wrote about it; `NEVER` for those who are only claimed, endorsed or named."""
        standing = self.standing
        own = self._own_kinds[self.reading.kind[standing.documents]]
        last = np.full(len(standing.people), NEVER)
        at = np.searchsorted(standing.people, standing.authors[own])
        np.maximum.at(last, at, self._created[standing.documents[own]])
        return last

    def interested(self) -> tuple[int, ...]:
        """Those who ask about it and whom nothing makes an expert, by how well their questions match."""
        found = self.ids[list(dict.fromkeys(self._asking.tolist()))] if len(self._asking) else self.ids[:0]
        out = {0, *self.query.without, *self.ids[self.standing.people].tolist()}
        wanted = [person for person in found.tolist() if person not in out]
        if self.query.candidates is not None:
            wanted = [person for person in wanted if person in self.query.candidates]
        return tuple(wanted[:MOST_INTERESTED])

    def expert(self, place: int) -> Expert:
        standing, person = self.standing, int(self.standing.people[place])
        own, naming = standing.own(person), standing.naming_of(person)
        documents = standing.documents[own]
        signals = self._signals[self.reading.kind[documents]]
        sums = np.bincount(signals, standing.weighed[own], len(SIGNAL_ORDER)).astype(np.float64)
        sums[WORKED] += standing.named_votes[naming].sum()
        counts = np.bincount(signals, minlength=len(SIGNAL_ORDER))
        counts[WORKED] += naming.stop - naming.start
        written = documents[self._own_kinds[self.reading.kind[documents]]]
        score = float(standing.score[place])
        return Expert(
            person_id=int(self.ids[person]),
            score=score,
            confidence=confidence_of(self.question, score),
            documents=int(counts.sum()),
            counts=dict(zip(SIGNAL_ORDER, counts.tolist(), strict=True)),
            last_active=moment(int(self._created[written].max())).date() if len(written) else None,
            shares=_shares(dict(zip(SIGNAL_ORDER, sums.tolist(), strict=True))),
            evidence=self._proofs(own, naming),
            topics=own_topics(self.reading, documents),
            asked=int(np.count_nonzero(self._asking == person)),
        )

    def _proofs(self, own: slice, naming: slice) -> tuple[Evidence, ...]:
        candidates = self._candidates(own, naming)
        kinds = self._codes.kinds.names
        return tuple(
            Evidence(
                id=self._corpus.id_of(number),
                kind=kinds[self.reading.kind[number]],
                signal=SIGNAL_ORDER[candidates.signals[at]],
                vote=float(candidates.votes[at]),
                created_at=moment(int(self._created[number])),
            )
            for at in choose(candidates, min(self.query.evidence, 10))
            for number in (int(candidates.documents[at]),)
        )

    def _candidates(self, own: slice, naming: slice) -> Candidates:
        """The best documents that speak for the person, with the best of each signal among them."""
        standing = self.standing
        signals = self._signals[self.reading.kind[standing.documents[own]]]
        firsts = np.unique(signals, return_index=True)[1]
        places = np.union1d(np.arange(min(len(signals), OWN_CANDIDATES)), firsts)
        named = slice(naming.start, min(naming.stop, naming.start + NAMING_CANDIDATES))
        documents: Documents = np.concatenate([standing.documents[own][places], standing.naming[named]])
        return Candidates(
            documents,
            np.concatenate([standing.votes[own][places], standing.named_votes[named]]),
            np.concatenate([signals[places], np.full(named.stop - named.start, WORKED)]),
            self._created[documents],
            self._corpus.columns.length.view()[documents].astype(np.int64),
        )


def _shares(sums: Mapping[Signal, float]) -> dict[Signal, int]:
    """Whole percents that sum to 100: what is lost by rounding down goes to the largest remainders."""
    total = sum(sums.values()) or 1.0
    exact = {signal: 100 * value / total for signal, value in sums.items()}
    shares = {signal: int(value) for signal, value in exact.items()}
    missing = 100 - sum(shares.values())
    for signal in sorted(exact, key=lambda signal: shares[signal] - exact[signal])[:missing]:
        shares[signal] += 1
    return shares
