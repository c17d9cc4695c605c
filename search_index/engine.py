"""The port: everything the application may know about the engine, and the one way to open it.

Text and people go in, ranked people and passages come out. The application hands over plain documents with
the outbox number they were read at, and asks questions with the set of audiences the viewer may read; it
never learns how postings are stored. A second engine only has to keep the promises that are written here
and tested in `tests/search_index/`.

The database is the truth and the engine a cache of it. Every process that answers searches holds an engine
and feeds it from the outbox, starting at `engine.watermark`; what was applied is visible at once in that
process. Only the engine opened with `writer=True` (the worker) stores anything, with `flush()`.

Every method may be called from any thread, and none touches an event loop: call them through real threads.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # they are made of what is here
    from search_index.relations import Knows, KnowsQuery, Meeting, MeetQuery, RelatedQuery, RelatedTopic, SimilarQuery

EVERYONE = 1
"""The audience every member can read; corpus statistics are taken from its documents alone."""

FOR_ALL = "announcement"  # the flag of what is a hit for everybody, also for those who want to be `without` its author
FOR_OTHERS = "praise"  # the flag of what is found, and no evidence: what it says of others are other documents

NEVER = int(np.iinfo(np.int64).min)
"""The time of what never happened."""

Ids = frozenset[int]
Words = frozenset[str]
Narrow = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]
"""Ids of people, best first, and when each last wrote about it (milliseconds since 1970, or `NEVER`); gives
which of them are wanted. Called once, in the thread that answers."""


class Kind(StrEnum):
    """The kinds of documents the ranking has an opinion on; any other word is a kind too, but no evidence."""

    POST = "post"
    COMMENT = "comment"
    SAID = "said"  # in a room that everybody may read; elsewhere it is of another kind, and no evidence
    ANSWER = "answer"
    ARTICLE = "article"
    QUESTION = "question"
    SKILL = "skill"
    ENDORSEMENT = "endorsement"
    PRAISE = "praise"
    PERSON = "person"
    TOPIC = "topic"


class Signal(StrEnum):
    """The four colours of evidence on the experts page."""

    ANSWERED = "answered"
    WROTE = "wrote"
    ENDORSED = "endorsed"
    WORKED = "worked"


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
class Document:
    """Something that can be found. `id` is unique over all kinds ("post:123").

    `author_id` is the person for whom the document speaks: the author of a post, the holder of a skill, the
    one who is *endorsed* (not the endorser), the person of a profile; 0 when there is nobody. `topics` are
    the names of the topics attached to it (hashtags that stand in the text may be repeated here).
    `created_at` is aware.
    """

    id: str
    kind: str
    text: str
    audience_id: int
    created_at: datetime
    author_id: int = 0
    title: str = ""
    mentions: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    """What it carries ("link", "code", "image", "file", "poll", `FOR_OTHERS`), for filters."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes as of outbox number `watermark`, which may be applied twice. An added document replaces the one with
    its id; removing what is not there is fine."""

    watermark: int
    add: Sequence[Document] = ()
    remove: Sequence[str] = ()


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


_WORTH: Mapping[str, float] = {
    Kind.POST: 1.0, Kind.COMMENT: 1.0, Kind.SAID: 0.25, Kind.ANSWER: 1.5, Kind.ARTICLE: 1.2, Kind.SKILL: 1.0,
    Kind.ENDORSEMENT: 1.0, Kind.PRAISE: 1.0, Kind.PERSON: 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each source of evidence counts; 0 leaves it out. `kinds` that are missing count 0."""

    kinds: Mapping[str, float] = field(default_factory=lambda: dict(_WORTH))
    mentions: float = 0.5
    topics: float = 1.0


@dataclass(frozen=True, slots=True)
class ExpertQuery:
    """`candidates` (None: anybody) limits who may be ranked, `without` names people who must not be; both
    leave the scores of the others as they are. `since` limits the result to people who wrote about it from
    then on; `narrow` sees everybody who is left and chooses."""

    text: str
    audiences: frozenset[int]
    weights: Weights = field(default_factory=Weights)
    limit: int = 20
    offset: int = 0
    candidates: frozenset[int] | None = None
    without: frozenset[int] = frozenset()
    since: datetime | None = None
    evidence: int = 3
    narrow: Narrow | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document that speaks for a person, and how loudly (its vote, comparable within one answer)."""

    id: str
    kind: str
    signal: Signal
    vote: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Expert:
    """`shares` are whole percents over the four signals, summing to 100. `confidence` is between 0 and 1:
    how sure the evidence makes us, independent of who else is in the list. `evidence` is in the order in which a
    reader gains most, so that its beginning is as diverse as all of it.
    `counts` says how many documents stand behind each signal. `last_active` is the day of the last document
    that the person wrote themself; claims, profiles, endorsements and being named are not their activity."""

    person_id: int
    score: float
    confidence: float
    documents: int
    counts: Mapping[Signal, int]
    last_active: date | None
    shares: Mapping[Signal, int]
    evidence: tuple[Evidence, ...]
    topics: tuple[str, ...]
    """The person's own topics among the matching documents, most frequent first."""
    asked: int = 0
    """Documents of theirs that only ask about it: interest, not expertise, and no part of `documents`."""


@dataclass(frozen=True, slots=True)
class Experts:
    items: tuple[Expert, ...]
    total: int
    people: tuple[int, ...]
    """Everybody who was found, best first, for facets (at most 2,000)."""
    words: tuple[str, ...]
    """The words of the question that count, in the order they were written."""
    unknown: tuple[str, ...]
    """Those of them that no readable document holds."""
    related: tuple[str, ...]
    """Topics that go with the question, for a wider or neighbouring search."""
    interested: tuple[int, ...] = ()
    """People whom nothing makes an expert, but who ask about it."""


@dataclass(frozen=True, slots=True)
class Health:
    """`ok` is false while something is damaged; `rebuild` says that only a rebuild repairs it. Searches go
    on over what can be served."""

    ok: bool
    rebuild: bool
    documents: int
    pending: int
    watermark: int
    segments: int
    bytes: int
    generation: int
    problems: tuple[str, ...] = ()


Helper = Callable[[Path], AbstractContextManager[None]]
"""Has another process hand its own share of the documents to `build_part` with this folder. Leaving the context
waits for that process, and raises if it did not finish."""


class Engine(Protocol):
    @property
    def watermark(self) -> int:
        """The outbox number up to which this engine has seen everything; feed it what comes after. It can
        fall: after a rebuild, or when the index was found damaged, the caller simply continues from the new
        number."""

    @property
    def pending(self) -> int:
        """Documents and removals that are in memory only; a hint for when to flush."""

    def apply(self, batch: Batch) -> None:
        """Make changes visible to every search of this process; a batch behind `watermark` counts as known."""

    def flush(self) -> bool:
        """Store what is in memory (writer only); true if there was something. Safe against a crash at any
        moment."""

    def refresh(self) -> None:
        """Notice what another process has stored. Searches do it by themselves at most every 50 ms."""

    def search(self, query: SearchQuery) -> Hits: ...

    def experts(self, query: ExpertQuery) -> Experts: ...

    def suggest(
        self, text: str, *, audiences: Ids, kinds: Words = frozenset(), without: Ids = frozenset(), limit: int = 8
    ) -> tuple[Hit, ...]:
        """Documents for a half-typed line, the last word read as a beginning; titles count most."""

    def related(self, query: "RelatedQuery") -> "tuple[RelatedTopic, ...]": ...

    def meet(self, query: "MeetQuery") -> "tuple[Meeting, ...]": ...

    def similar(self, query: "SimilarQuery") -> tuple[Hit, ...]: ...

    def knows(self, query: "KnowsQuery") -> "Knows": ...

    def health(self) -> Health: ...

    def check(self) -> Health:
        """Like health, after reading every stored byte again."""

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        watermark: int,
        progress: Callable[[int], None] | None = None,
        helper: Helper | None = None,
    ) -> int:
        """Build a new index beside the old one and swap at the end (writer only); returns how many
        documents it has. With a helper, `documents` are the rest of them, and progress is told of these alone.

        `watermark` is the outbox number read *before* the first document was. The old index answers
        meanwhile, and `engine.watermark` afterwards says from where to go on feeding.
        """

    def close(self) -> None: ...


def build_part(folder: Path, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None) -> int:
    """A helper's share of a rebuild; returns how many documents it was."""
    from search_index.keeping.rebuilding import build_segments  # noqa: PLC0415 (it imports this port)

    return build_segments(folder, documents, progress)


def open_engine(directory: Path, *, writer: bool, everyone: int = EVERYONE) -> Engine:
    """Open the index in `directory`, making an empty one if there is none.

    A torn or missing index opens too: it serves what it can and `health().rebuild` is true.
    """
    from search_index.whoosh_engine import WhooshEngine  # noqa: PLC0415 (the engine imports this port)

    return WhooshEngine(directory, writer=writer, everyone=everyone)
