"""How many hits are new to a viewer: on the page before them, and in each search they keep, in one visit to the engine.

The browser asks, when something was written that this viewer may read, and no more than every few seconds. So a post
costs nothing for those who look at no search, and nobody's searches are run for anybody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.search.index import index_of
from intranet.search.narrowing import Narrowing
from intranet.search.question import Question
from intranet.search.saved.queries import SavedCard, saved_searches
from intranet.search.understanding import understand
from search_index.engine import Engine
from search_index.hits import SearchQuery

_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Looking:
    """A search that is before somebody's eyes, and the time of the newest hit they see."""

    question: Question
    narrowing: Narrowing
    since: datetime


@dataclass(frozen=True, slots=True)
class News:
    """``page`` counts what came since for the search that is looked at; ``saved`` by id for those that are kept."""

    page: int
    saved: Mapping[int, int]
    cards: Sequence[SavedCard]


def news_of(viewer: Viewer, looking: Looking | None = None) -> News:
    """What is new to the viewer now. Call it outside any transaction."""
    with runtime().database.reading(viewer) as session:
        cards = saved_searches(session, viewer)
        asked = [(card.question, card.narrowing) for card in cards]
        asked += [(looking.question, looking.narrowing)] if looking else []
        understood = understand(session, viewer, asked) if asked else []
    marks = [card.seen_at for card in cards] + ([looking.since] if looking else [])
    queries = [
        _later_than(one.query(), mark) if one.asks_for_something else None
        for one, mark in zip(understood, marks, strict=True)
    ]
    counts = index_of().ask(lambda engine: [_count(engine, query) for query in queries]) if queries else []
    page = counts.pop() if looking else 0
    return News(page, {card.id: count for card, count in zip(cards, counts, strict=True)}, cards)


def _later_than(query: SearchQuery, mark: datetime) -> SearchQuery:
    since = mark + _STEP
    return replace(query, since=max(since, query.since) if query.since else since, limit=1)


def _count(engine: Engine, query: SearchQuery | None) -> int:
    return engine.search(query).total if query else 0
