"""From what was typed and ticked to what the engine is asked: names become people, topics and places.

All reads of several searches are done together, so that counting for thirty saved ones costs no more statements than
for one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import reach
from intranet.kernel.text import slugify
from intranet.kernel.viewer import Viewer
from intranet.people.queries import people_starting
from intranet.search import sources
from intranet.search.moments import stretch_of
from intranet.search.narrowing import Narrowing
from intranet.search.places import Place, places_called, places_of
from intranet.search.question import Question
from intranet.topics.queries import TopicCard, topic_cards
from intranet.topics.vocabulary import topic_ids
from search_index.hits import SearchQuery

ME = "me"
_NOTHING = frozenset({-1})  # asked for, and there is none: no document is by it or in it
_ALIKE = 5

Asked = tuple[Question, Narrowing]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by the names that chips and filters show."""

    id: int
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A search with its names resolved: under each name as it was typed, whom or what it means (perhaps nothing)."""

    question: Question
    narrowing: Narrowing
    audiences: frozenset[int]
    without: frozenset[int]
    people: dict[str, tuple[Somebody, ...]]
    topics: dict[str, TopicCard | None]
    places: dict[str, tuple[Place, ...]]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that were asked for; empty for all."""
        typed, ticked = frozenset(self.question.kinds), frozenset(self.narrowing.kind)
        return (typed & ticked or _NO_KIND) if typed and ticked else typed | ticked

    @property
    def asks_for_something(self) -> bool:
        """An empty page of search asks for nothing; a filter alone is a question."""
        return bool(self.question.text or self.narrowing.filters)

    def query(self) -> SearchQuery:
        """What the engine is asked: the first page, best first, no counts."""
        question, narrowing = self.question, self.narrowing
        since, until = stretch_of(narrowing.when)
        listed = frozenset(sources.listed_kinds())
        return SearchQuery(
            text=question.words,
            audiences=self.audiences,
            without=self.without,
            kinds=sources.kinds_listed_as((self.kinds & listed or _NO_KIND) if self.kinds else listed),
            authors=_ids(person.id for people in self.people.values() for person in people) if self.people else _ALL,
            topics=frozenset(card.name if card else typed for typed, card in self.topics.items()),
            within=_ids(p.audience_id for places in self.places.values() for p in places) if self.places else _ALL,
            has=frozenset((*question.has, *narrowing.has)),
            since=_latest(question.since, since),
            until=_earliest(question.until, until),
            order=narrowing.order,
        )


_ALL: frozenset[int] = frozenset()
_NO_KIND = frozenset({"nothing"})


def _ids(found: Iterable[int]) -> frozenset[int]:
    return frozenset(found) or _NOTHING


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def understand(session: Session, viewer: Viewer, asked: Sequence[Asked]) -> list[Understood]:
    """Resolve the names of some searches for one viewer, with the audiences that they read now."""
    audiences = reach.readable_ids(session, viewer.id)
    without = reach.blocked_ids(session, viewer.id)
    people = _people(session, viewer, asked)
    topics = _topics(session, asked)
    ticked = places_of(session, {int(key) for _question, narrowing in asked for key in narrowing.place})
    typed = {words: tuple(places_called(session, words)) for question, _n in asked for words in question.places}
    return [
        Understood(
            question=question,
            narrowing=narrowing,
            audiences=audiences,
            without=without,
            people={name: people.get(name, ()) for name in (*question.authors, *narrowing.by)},
            topics={name: topics.get(name) for name in (*question.topics, *narrowing.topic)},
            places={words: typed[words] for words in question.places}
            | {key: (ticked[int(key)],) if int(key) in ticked else () for key in narrowing.place},
        )
        for question, narrowing in asked
    ]


def _people(session: Session, viewer: Viewer, asked: Sequence[Asked]) -> dict[str, tuple[Somebody, ...]]:
    """By username; what is typed and nobody's username may also be how a name begins."""
    named = {name for question, narrowing in asked for name in (*question.authors, *narrowing.by)}
    if not named:
        return {}
    is_named = Person.username.in_(named) | (Person.id == viewer.id if ME in named else Person.username.in_(()))
    found: dict[str, tuple[Somebody, ...]] = {}
    for person_id, username, name in session.execute(select(Person.id, Person.username, Person.name).where(is_named)):
        somebody = Somebody(person_id, username, name)
        if username in named:
            found[username] = (somebody,)
        if person_id == viewer.id and ME in named:
            found[ME] = (somebody,)
    for name in {name for question, _narrowing in asked for name in question.authors} - found.keys():
        alike = people_starting(session, name, _ALIKE)
        found[name] = tuple(Somebody(card.id, card.username, card.name) for card in alike)
    return found


def _topics(session: Session, asked: Sequence[Asked]) -> dict[str, TopicCard]:
    """By address, by other names too."""
    named = {name: slugify(name) for question, narrowing in asked for name in (*question.topics, *narrowing.topic)}
    ids = topic_ids(session, {slug for slug in named.values() if slug}) if named else {}
    cards = topic_cards(session, ids.values())
    return {name: cards[ids[slug]] for name, slug in named.items() if slug in ids}
