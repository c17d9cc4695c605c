"""Asking the index on behalf of a viewer: which audiences they read, what the engine finds, what may be shown of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import audience
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.search import sources
from intranet.search.index import index_of
from intranet.search.question import Question
from search_index.engine import Hit, Hits, Kind, Order, SearchQuery

PAGE = 20
_DEEPEST = 1000
_NOBODY = frozenset({0})


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine said; ``more`` tells whether the next page has anything."""

    question: Question
    kinds_asked: frozenset[str]
    order: Order
    page: int
    hits: tuple[Hit, ...]
    total: int
    kinds: Mapping[str, int]
    took_ms: float
    more: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One hit, ready to be shown."""

    id: str
    kind: str
    score: float
    shown: sources.Shown
    by: PersonCard | None


def search(
    viewer: Viewer,
    question: Question,
    *,
    kinds: frozenset[str] = frozenset(),
    order: Order = Order.RELEVANCE,
    page: int = 1,
    limit: int = PAGE,
) -> Found:
    """Ask the engine. Call it outside any transaction; no ``kinds`` means every listed one."""
    started = time.perf_counter()
    with runtime().database.reading(viewer) as session:
        audiences = audience.readable_ids(session, viewer.id)
        authors = _author_ids(session, question.authors)
    listed = frozenset(sources.listed_kinds())
    query = SearchQuery(
        text=question.words,
        audiences=audiences,
        kinds=kinds & listed if kinds else listed,
        authors=authors,
        topics=frozenset(question.topics),
        since=question.since,
        until=question.until,
        order=order,
        limit=limit,
        offset=(page - 1) * limit,
    )
    can_match = bool(question.text) and bool(query.kinds)
    found = index_of().ask(lambda engine: engine.search(query)) if can_match else Hits((), 0, {})
    return Found(
        question=question,
        kinds_asked=kinds,
        order=order,
        page=page,
        hits=found.items,
        total=found.total,
        kinds={name: found.kinds.get(name, 0) for name in sources.listed_kinds()},
        took_ms=(time.perf_counter() - started) * 1000,
        more=page * limit < min(found.total, _DEEPEST),
    )


def _author_ids(session: Session, usernames: tuple[str, ...]) -> frozenset[int]:
    if not usernames:
        return frozenset()
    found = frozenset(session.scalars(select(Person.id).where(Person.username.in_(usernames))))
    return found or _NOBODY


def suggest_posts(viewer: Viewer, line: str, *, limit: int = 3) -> tuple[Hit, ...]:
    """Posts for a half-typed line. Call it outside any transaction."""
    with runtime().database.reading(viewer) as session:
        audiences = audience.readable_ids(session, viewer.id)
    return index_of().ask(
        lambda engine: engine.suggest(line, audiences=audiences, kinds=frozenset({Kind.POST}), limit=limit)
    )


def results(session: Session, hits: tuple[Hit, ...]) -> list[Result]:
    """The hits that this session's viewer may read now, in the engine's order, with those who wrote them."""
    shown = sources.show(session, [hit.id for hit in hits])
    cards = person_cards(session, {shown[hit.id].by for hit in hits if hit.id in shown})
    return [
        Result(hit.id, hit.kind, hit.score, shown[hit.id], cards.get(shown[hit.id].by))
        for hit in hits
        if hit.id in shown
    ]
