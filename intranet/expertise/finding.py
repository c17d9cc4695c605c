"""The expert finder: one function behind the page, the API, the profile, the topic page and the quality bench.

Nothing private can show: the engine ranks over the audiences that this viewer reads, and what is quoted is read again
through the viewer's own session.
"""

import time
from dataclasses import dataclass, field, replace

from intranet.expertise import wishes
from intranet.expertise.colleagues import colleagues_now
from intranet.expertise.facets import Facets, Narrower, Narrowing
from intranet.expertise.proofs import LOOKED_AT
from intranet.kernel import reach
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.search.index import index_of
from search_index.expertise import ExpertQuery, Experts, Weights

PAGE = 20
MOST = 100
DEEPEST = 1000
LONGEST_QUESTION = 2000
_TRUST = 0.3  # in what speaks for somebody who said that it is not their field


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
    if not asked.text.strip():
        return Answer(asked, _NOTHING, Facets(), 0, 0.0)
    with runtime().database.reading(viewer) as session:
        audiences = reach.readable_ids(session, viewer.id)
        without = wishes.not_to_be_named(session, asked.text) | reach.blocked_ids(session, viewer.id)
        lowered = wishes.not_their_field(session, asked.text)
    if asked.is_about_me and viewer.id is not None:
        without -= {viewer.id}
    narrower = narrower_for(asked.narrowing, with_facets=asked.with_facets)
    query = ExpertQuery(
        text=asked.text[:LONGEST_QUESTION],
        audiences=audiences,
        weights=asked.weights,
        limit=asked.limit,
        offset=asked.offset,
        candidates=asked.only,
        without=without,
        narrow=narrower,
        evidence=LOOKED_AT,
    )
    experts = rank(query, lowered)
    return Answer(asked, experts, narrower.facets, narrower.everybody, (time.perf_counter() - started) * 1000)


def rank(query: ExpertQuery, lowered: frozenset[int]) -> Experts:
    """The engine's answer, in which ``lowered`` people count for less. Call it outside any transaction.

    Nobody rises by being lowered, and at most so many rise past them: that many more at the end make the order exact.
    """
    if not lowered:
        return index_of().ask(lambda engine: engine.experts(query))
    whole = replace(query, offset=0, limit=query.offset + query.limit + len(lowered))
    found = index_of().ask(lambda engine: engine.experts(whole))
    items = (
        replace(one, score=one.score * _TRUST, confidence=one.confidence * _TRUST) if one.person_id in lowered else one
        for one in found.items
    )
    ordered = sorted(items, key=lambda one: -one.score)
    return replace(found, items=tuple(ordered[query.offset : query.offset + query.limit]))


def narrower_for(narrowing: Narrowing, *, with_facets: bool = False) -> Narrower:
    """What leaves out leavers and whomever the narrowing does not want. Call it outside any transaction."""
    known = colleagues_now()
    here = known.here_now() if with_facets or narrowing.is_available else known.here
    return Narrower(known, here, narrowing, with_facets=with_facets)
