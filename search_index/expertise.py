"""The port's words for who knows something: what is asked for, and the people who come out with their proofs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Kind

NEVER = int(np.iinfo(np.int64).min)
"""The time of what never happened."""

Narrow = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]
"""Ids of people, best first, and when each last wrote about it (milliseconds since 1970, or `NEVER`); gives
which of them are wanted. Called once, in the thread that answers."""


class Signal(StrEnum):
    """The four colours of evidence on the experts page."""

    ANSWERED = "answered"
    WROTE = "wrote"
    ENDORSED = "endorsed"
    WORKED = "worked"


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
