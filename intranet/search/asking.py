"""Asking the index on behalf of a viewer: which audiences they read, what the engine finds, what may be shown of it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.search import sources
from intranet.search.index import index_of
from intranet.search.moments import MONTH, STRETCHES, WEEK
from intranet.search.narrowing import Narrowing
from intranet.search.paging import START, Place, window_of
from intranet.search.question import Question
from intranet.search.understanding import Understood, understand
from search_index.engine import Engine
from search_index.hits import Facet, Hit, Hits, SearchQuery

PAGE = 20
ALL_FACETS = frozenset(Facet)
_COUNTED = (WEEK, MONTH)
_NOTHING_FOUND = Hits((), 0, {})


@dataclass(frozen=True, slots=True)
class Instead:
    """What would find something: the words as they were probably meant, and how many hits each remedy has."""

    words: str = ""
    words_total: int = 0
    unfiltered_total: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine said. ``next`` is the place of the next page; ``newest`` the time of the latest hit."""

    understood: Understood
    hits: tuple[Hit, ...]
    total: int
    kinds: Mapping[str, int]
    took_ms: float
    facets: Mapping[Facet, tuple[tuple[str | int, int], ...]] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    instead: Instead = field(default_factory=Instead)
    newest: datetime | None = None
    shown: int = 0
    next: str | None = None

    @property
    def question(self) -> Question:
        return self.understood.question

    @property
    def narrowing(self) -> Narrowing:
        return self.understood.narrowing


@dataclass(frozen=True, slots=True)
class Result:
    """One hit, ready to be shown."""

    id: str
    kind: str
    score: float
    shown: sources.Shown
    by: PersonCard | None


@dataclass(frozen=True, slots=True)
class _Said:
    """The engine's answers to one search, given in one go."""

    hits: Hits
    times: Mapping[str, int] = field(default_factory=dict)
    instead: Instead = field(default_factory=Instead)
    newest: datetime | None = None


def search(
    viewer: Viewer,
    question: Question,
    *,
    narrowing: Narrowing | None = None,
    place: Place = START,
    limit: int = PAGE,
    facets: frozenset[Facet] = frozenset(),
    in_full: bool = False,
) -> Found:
    """Ask the engine. Call it outside any transaction.

    ``in_full`` also counts by time, and asks what would find something where nothing was found.
    """
    started = time.perf_counter()
    with runtime().database.reading(viewer) as session:
        (understood,) = understand(session, viewer, [(question, narrowing or Narrowing())])
    return answer(understood, place=place, limit=limit, facets=facets, in_full=in_full, started=started)


def answer(
    understood: Understood,
    *,
    place: Place = START,
    limit: int = PAGE,
    facets: frozenset[Facet] = frozenset(),
    in_full: bool = False,
    started: float | None = None,
) -> Found:
    """As ``search``, once the names are resolved."""
    started = started or time.perf_counter()
    at = place.at or clock.now()
    window = window_of(place, limit)
    query = replace(understood.query(), limit=window.limit, offset=window.offset, facets=facets)
    if place.at is not None:
        # What came after the first page was shown would push everything down and show hits twice.
        query = replace(query, until=min(query.until or place.at, place.at) + timedelta(seconds=1))
    said = _Said(_NOTHING_FOUND)
    if understood.asks_for_something:
        said = index_of().ask(lambda engine: _ask(engine, query, in_full=in_full))
    hits, offset = window.cut(said.hits.items, place)
    after = offset + len(hits)
    return Found(
        understood=understood,
        hits=hits,
        total=said.hits.total,
        kinds=sources.count_as_listed(said.hits.kinds),
        took_ms=(time.perf_counter() - started) * 1000,
        facets=said.hits.facets,
        times=said.times,
        instead=said.instead,
        newest=said.newest,
        shown=after,
        next=Place(after, at, hits[-1].id).token if hits and after < window.reach(said.hits.total) else None,
    )


def _ask(engine: Engine, query: SearchQuery, *, in_full: bool) -> _Said:
    if not in_full:
        hits = engine.search(query)
        return _Said(hits, instead=Instead(hits.correction))
    now = clock.now()
    hits = engine.search(replace(query, moments=tuple(now - STRETCHES[name] for name in _COUNTED)))
    instead = _remedies(engine, replace(query, limit=1, offset=0, facets=frozenset()), hits)
    return _Said(hits, dict(zip(_COUNTED, hits.since, strict=True)), instead, hits.newest)


def _remedies(engine: Engine, query: SearchQuery, hits: Hits) -> Instead:
    """What may be meant; and where nothing was found, what finds something."""
    meant = hits.correction if hits.correction != query.text else ""
    meant_total = engine.search(replace(query, text=meant)).total if meant else 0
    if hits.total:
        return Instead(words=meant if meant_total else "", words_total=meant_total)
    listed = sources.kinds_listed_as(sources.listed_kinds())
    bare = SearchQuery(query.text, query.audiences, kinds=listed, without=query.without, limit=1)
    is_narrowed = bare != replace(query, order=bare.order) and query.text
    unfiltered = engine.search(bare).total if is_narrowed else 0
    return Instead(meant if meant_total else "", meant_total, unfiltered)


def results(session: Session, hits: Sequence[Hit]) -> list[Result]:
    """The hits that this session's viewer may read now, in the engine's order, with those who wrote them."""
    shown = sources.show(session, [hit.id for hit in hits])
    cards = person_cards(session, {shown[hit.id].by for hit in hits if hit.id in shown})
    return [
        Result(hit.id, hit.kind, hit.score, shown[hit.id], cards.get(shown[hit.id].by))
        for hit in hits
        if hit.id in shown
    ]
