"""From a question to ranked people with their proofs.

Everything here is about documents that this viewer may read. What describes people (proofs, shares, topics) is
made for those who are shown, and never changes the ranking.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_index.expertise import NEVER, Expert, ExpertQuery, Experts
from search_index.ranking.page import Page
from search_index.ranking.question import Question, read_question
from search_index.ranking.reading import Reading
from search_index.ranking.signals import own_kinds
from search_index.ranking.standing import Codes, Standing, add_up, ranking
from search_index.ranking.topics import related_topics
from search_index.ranking.votes import answer
from search_index.storing.corpus import Corpus
from search_index.storing.kept import Kept

MOST_PEOPLE = 2_000
"""People named beyond the page that is shown."""

MOST_INTERESTED = 10
"""People named who only ask."""

MOST_SHOWN, DEEPEST = 100, 1_000


def find_experts(corpus: Corpus, query: ExpertQuery) -> Experts:
    asked = Asked(query, ranked(corpus, query))
    found = asked.wanted()
    limit, offset = max(0, min(query.limit, MOST_SHOWN)), max(0, min(query.offset, DEEPEST))
    question = asked.everybody.question
    return Experts(
        items=asked.described(found[offset : offset + limit]),
        total=len(found),
        people=tuple(asked.ids[asked.standing.people[found[:MOST_PEOPLE]]].tolist()),
        words=question.words,
        unknown=question.unknown,
        related=asked.everybody.related,
        interested=asked.interested(),
    )


def about_person(corpus: Corpus, person_id: int, questions: Sequence[ExpertQuery]) -> list[Expert | None]:
    """What the finder says about one person to each of many questions; None where nothing speaks for them."""
    found: list[Expert | None] = []
    for query in questions:
        asked = Asked(query, Ranked(corpus, query))
        places = asked.wanted()
        described = asked.described(places[asked.ids[asked.standing.people[places]] == person_id])
        found.append(described[0] if described else None)
    return found


class Ranked:
    """Everybody's standing on a question, among those who may read the same, and what follows from it for them all."""

    def __init__(self, corpus: Corpus, query: ExpertQuery) -> None:
        self.reading = Reading(corpus, query.audiences, query.weights)
        self.question: Question = read_question(self.reading, query.text)
        answers = answer(self.reading, self.question)
        self.standing: Standing = add_up(self.reading, self.question, answers, mentions=query.weights.mentions)
        self.asking: Codes = self.reading.author[answers.asking].astype(np.int64)
        self.reading.close()
        self._pages: Kept[tuple[bytes, int], tuple[Expert, ...]] = Kept()

    @cached_property
    def best_first(self) -> Codes:
        """The places of the people with any evidence."""
        return ranking(self.reading, self.standing)

    @cached_property
    def related(self) -> tuple[str, ...]:
        """Topics that go with it."""
        return related_topics(self.reading, self.question, self.standing.documents, self.standing.votes)

    @cached_property
    def last_written(self) -> NDArray[np.int64]:
        """When each person found last wrote about it; `NEVER` for those who are only claimed, endorsed or named."""
        standing, reading = self.standing, self.reading
        own = own_kinds(reading.corpus.columns.codes.kinds.names)[reading.kind[standing.documents]]
        last = np.full(len(standing.people), NEVER)
        at = np.searchsorted(standing.people, standing.authors[own])
        np.maximum.at(last, at, reading.created[standing.documents[own]])
        return last

    def described(self, places: Codes, *, proofs: int) -> tuple[Expert, ...]:
        """The people at these places, with what stands behind each."""

        def describe() -> tuple[Expert, ...]:
            page = Page(self.reading, self.question, self.standing, places)
            return page.experts(proofs=proofs, asking=self.asking)

        return self._pages.of((places.tobytes(), proofs), describe)


def ranked(corpus: Corpus, query: ExpertQuery) -> Ranked:
    """The same for whoever may read the same, until a document changes: for further pages and narrower answers."""
    key = ("ranked", query.text, query.audiences, query.weights)
    found: Ranked = corpus.kept.of(key, lambda: Ranked(corpus, query))
    return found


class Asked:
    """One question, with whom it wants of everybody who has a standing on it."""

    def __init__(self, query: ExpertQuery, everybody: Ranked) -> None:
        self.query, self.everybody, self.standing = query, everybody, everybody.standing
        self._people = everybody.reading.corpus.columns.codes.people
        self.ids: NDArray[np.int64] = self._people.ids()

    def wanted(self) -> Codes:
        """The places of the people that the query asks for, best first."""
        found = self.everybody.best_first
        query, people = self.query, self._people
        if query.candidates is not None:
            found = found[np.isin(self.standing.people[found], people.find(query.candidates))]
        unwanted = people.find({0, *query.without})
        if unwanted:
            found = found[~np.isin(self.standing.people[found], unwanted)]
        if query.since is None and query.narrow is None:
            return found
        last = self.everybody.last_written[found]
        if query.since is not None:
            kept = last >= int(query.since.timestamp() * 1000)
            found, last = found[kept], last[kept]
        return found if query.narrow is None else found[query.narrow(self.ids[self.standing.people[found]], last)]

    def described(self, places: Codes) -> tuple[Expert, ...]:
        return self.everybody.described(places, proofs=self.query.evidence)

    def interested(self) -> tuple[int, ...]:
        """Those who ask about it and whom nothing makes an expert, by how well their questions match."""
        asking = self.everybody.asking
        if not len(asking):
            return ()
        out = {0, *self.query.without, *self.ids[self.standing.people].tolist()}
        chosen, people = self.query.candidates, dict.fromkeys(self.ids[asking].tolist())
        wanted = [person for person in people if person not in out and (chosen is None or person in chosen)]
        return tuple(wanted[:MOST_INTERESTED])
