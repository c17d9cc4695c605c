"""The expert finder: one function behind the page, the API, the profile, the topic page and the quality bench.

Nothing private can show: the engine ranks over the audiences that this viewer reads, and what is quoted is read again
through the viewer's own session.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from intranet.expertise import facets, wishes
from intranet.expertise.facets import Choice, Facets, Fresh, Narrowing
from intranet.kernel import audience
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.search.index import index_of
from search_index.engine import Engine, ExpertQuery, Experts, Weights

PAGE = 20
MOST = 100
DEEPEST = 1000
LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the finder.

    ``only`` limits the answer to some people, for a comparison or a profile. With ``is_about_me`` the asker's own
    wishes are not heeded: they look at what the finder would say without them.
    """

    text: str
    limit: int = PAGE
    offset: int = 0
    narrowing: Narrowing = Narrowing()
    with_facets: bool = False
    only: frozenset[int] | None = None
    is_about_me: bool = False
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said. ``unfiltered`` is how many people there are without any narrowing."""

    asked: Asked
    experts: Experts
    facets: Facets
    unfiltered: int
    took_ms: float

    @property
    def more(self) -> bool:
        return self.asked.offset + len(self.experts.items) < min(self.experts.total, DEEPEST)


_NOTHING = Experts((), 0, (), (), (), ())


def find_experts(viewer: Viewer, asked: Asked) -> Answer:
    """Rank the people who know. Call it outside any transaction: a search is no work for the event loop."""
    started = time.perf_counter()
    experts, found, unfiltered = _NOTHING, Facets(), 0
    if asked.text.strip():
        with runtime().database.reading(viewer) as session:
            audiences = audience.readable_ids(session, viewer.id)
            without = wishes.not_to_be_named(session, asked.text)
        if asked.is_about_me and viewer.id is not None:
            without -= {viewer.id}
        query = ExpertQuery(
            text=asked.text[:LONGEST_QUESTION],
            audiences=audiences,
            weights=asked.weights,
            limit=asked.limit,
            offset=asked.offset,
            candidates=asked.only,
            without=without,
        )
        if asked.with_facets or asked.narrowing != Narrowing():
            experts, found, unfiltered = _narrowed(viewer, asked, query)
        else:
            experts = index_of().ask(lambda engine: engine.experts(query))
            unfiltered = experts.total
    return Answer(asked, experts, found, unfiltered, (time.perf_counter() - started) * 1000)


def _narrowed(viewer: Viewer, asked: Asked, query: ExpertQuery) -> tuple[Experts, Facets, int]:
    narrowing = asked.narrowing
    by_age = index_of().ask(partial(_by_age, query=query, chosen=narrowing.fresh))
    everybody, current = by_age[Fresh.ANY], by_age[narrowing.fresh]
    with runtime().database.reading(viewer) as session:
        traits = facets.traits_of(session, everybody.people)
    experts = current
    if narrowing.is_by_person:
        wanted = frozenset(facets.matching(current.people, traits, narrowing))
        experts = index_of().ask(_asking(query, candidates=wanted, fresh=narrowing.fresh))
    counted = facets.count(current.people, traits, narrowing)
    fresh = tuple(
        Choice(age, len(facets.matching(found.people, traits, narrowing)), age is narrowing.fresh)
        for age, found in by_age.items()
    )
    available = next(iter(counted["is_available"]), Choice("1", 0, narrowing.is_available))
    found = Facets(counted["departments"], counted["locations"], counted["languages"], available, fresh)
    return experts, found, everybody.total


def _asking(query: ExpertQuery, *, candidates: frozenset[int], fresh: Fresh) -> Callable[[Engine], Experts]:
    narrowed = replace(query, candidates=candidates, since=fresh.since)
    return lambda engine: engine.experts(narrowed)


def _by_age(engine: Engine, query: ExpertQuery, chosen: Fresh) -> dict[Fresh, Experts]:
    """The whole answer for the chosen age, and for the others no more than who is in it."""
    return {
        age: engine.experts(replace(query, since=age.since, limit=query.limit if age is chosen else 0)) for age in Fresh
    }
