"""The port's words for searching: what is asked for, and the documents that come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


class Facet(StrEnum):
    """What hits can be counted by; the values are kinds, person ids, topic labels, audience ids and years."""

    KIND = "kind"
    AUTHOR = "author"
    TOPIC = "topic"
    AUDIENCE = "audience"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`text` in the searcher's own words: "a phrase", AND, OR, NOT, -word, prefix*; empty text finds
    everything that the filters leave. `audiences` are the audiences this viewer may read, `within` narrows
    them to some. What speaks for people in `without` is no hit and counts nowhere, unless it is `FOR_ALL`. A hit
    has every flag of `has`. At most 100 hits, at most 1,000 deep."""

    text: str
    audiences: frozenset[int]
    kinds: frozenset[str] = frozenset()
    authors: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()
    topics: frozenset[str] = frozenset()
    within: frozenset[int] = frozenset()
    has: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    order: Order = Order.RELEVANCE
    limit: int = 20
    offset: int = 0
    facets: frozenset[Facet] = frozenset()
    prefix_last: bool = False
    """Read the last word as a beginning, for results while typing."""
    moments: tuple[datetime, ...] = ()
    """Also count the hits since each of these, without the query's own time, and say when the newest was written."""


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    kind: str
    score: float
    author_id: int
    audience_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Hits:
    items: tuple[Hit, ...]
    total: int
    kinds: Mapping[str, int]
    """How many hits of each kind there are without the filter on kinds."""
    facets: Mapping[Facet, tuple[tuple[str | int, int], ...]] = field(default_factory=dict)
    """For each facet that was asked for, its values and their hits, most first, at most twenty; each counted
    without the query's own filter on it."""
    since: tuple[int, ...] = ()
    newest: datetime | None = None
    """How many hits there are since each of the query's `moments`; and where there are any, of when the newest is."""
    correction: str = ""
    """The text as it was probably meant ("did you mean"), made of words that this viewer can find; empty when
    there is nothing better."""
