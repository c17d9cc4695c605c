"""What the finder knows of everybody by heart: where they work, what they speak, whether they left.

A question names thousands of people before it is narrowed, and reading their profiles for each question would hold up
every socket. So one table of all people stays in memory and follows the outbox: only those whom an event names are read
again.
"""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock, outbox
from intranet.kernel.batches import in_batches
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import system
from intranet.people.cards import AROUND
from intranet.people.models import PresenceMark, Profile
from intranet.people.queries import languages_of

_PART = "colleagues"
_CHUNK = 2_000
_EVENTS = ("profile.changed", "person.joined", "person.deactivated", "person.reactivated", "people.imported")
_MOST_EVENTS = 1_000
_PRESENCE_SECONDS = 2.0  # how long one look at who is here will do

Ids = NDArray[np.int64]
V = TypeVar("V", bound=Hashable)


class Values(Generic[V]):
    """What repeats from person to person, by small numbers; 0 is the empty value."""

    def __init__(self, empty: V) -> None:
        self.all = [empty]
        self._codes = {empty: 0}

    def code(self, value: V) -> int:
        """The number of a value, a new one if it has none yet."""
        known = self._codes.get(value)
        if known is None:
            self.all.append(value)
            known = self._codes[value] = len(self.all) - 1
        return known


@dataclass(frozen=True, slots=True)
class Table:
    """Everybody, by rising id; in the last row, under an id that nobody has, stands nobody. Departments, locations and
    lists of languages are codes of the process's `Values`; focus ends in seconds since 1970."""

    ids: Ids
    department: NDArray[np.int32]
    location: NDArray[np.int32]
    speaks: NDArray[np.int32]
    has_left: NDArray[np.bool_]
    focusing_until: NDArray[np.float64]

    def rows(self, people: Ids) -> Ids:
        """Where people stand; nobody's row for those who are not here."""
        at = np.searchsorted(self.ids[:-1], people)
        return np.where(self.ids[at] == people, at, len(self.ids) - 1)


def _nobody() -> Table:
    none = np.zeros(1, np.int32)
    return Table(np.array([np.iinfo(np.int64).max]), none, none, none, np.ones(1, np.bool_), np.zeros(1))


@dataclass(slots=True)
class Colleagues:
    """What one process knows; ``position`` is the last event that the table has seen, -1 before it was read."""

    table: Table = field(default_factory=_nobody)
    position: int = -1
    departments: Values[str] = field(default_factory=lambda: Values(""))
    locations: Values[str] = field(default_factory=lambda: Values(""))
    languages: Values[tuple[str, ...]] = field(default_factory=lambda: Values(()))
    here: Ids = field(default_factory=lambda: np.empty(0, np.int64))
    looked: float = -_PRESENCE_SECONDS

    def here_now(self) -> Ids:
        """Rising ids of the people who were seen a moment ago. Call it outside any transaction."""
        if time.monotonic() - self.looked > _PRESENCE_SECONDS:
            with runtime().database.reading(system(reason="expertise: who is here now")) as session:
                marks = select(PresenceMark.person_id).where(PresenceMark.seen_at > clock.now() - AROUND)
                self.here = np.sort(np.array(session.scalars(marks).all(), np.int64))
            self.looked = time.monotonic()
        return self.here


def colleagues_now() -> Colleagues:
    """Everybody as of now. Call it outside any transaction."""
    known: Colleagues = runtime().parts.setdefault(_PART, Colleagues())
    viewer = system(reason="expertise: which people an answer may be narrowed to")
    with runtime().database.reading(viewer) as session:
        newest = outbox.newest_id(session)
        if newest == known.position:
            return known
        is_followed = known.position >= max(0, outbox.oldest_id(session) - 1)
        changed = _changed(session, known.position) if is_followed else []
    if not is_followed or changed is None:
        _read_everybody(known)
    elif changed:
        _read_some(known, changed)
    known.position = max(known.position, newest)
    return known


def _changed(session: Session, position: int) -> list[int] | None:
    """Whom events since then name; None when there are too many to follow."""
    event = outbox.OutboxEvent
    since = select(event.payload).where(event.id > position, event.type.in_(_EVENTS)).limit(_MOST_EVENTS)
    payloads = session.scalars(since).all()
    if len(payloads) == _MOST_EVENTS:
        return None
    return sorted({person for told in payloads for person in told.get("person_ids") or [told.get("person_id", 0)]})


def _read_everybody(known: Colleagues) -> None:
    after = 0
    while True:
        with runtime().database.reading(system(reason="expertise: everybody's place and languages")) as session:
            ids = session.scalars(select(Person.id).where(Person.id > after).order_by(Person.id).limit(_CHUNK)).all()
        if not ids:
            return
        _read_some(known, ids)
        after = ids[-1]


def _read_some(known: Colleagues, people: Sequence[int]) -> None:
    """Many are read in steps, and between them sockets have their turn."""
    for some in in_batches(people, _CHUNK):
        with runtime().database.reading(system(reason="expertise: people's places and languages")) as session:
            spoken = languages_of(session, some)
            rows = session.execute(
                select(Person.id, Person.deactivated_at, Profile.department, Profile.location, Profile.focusing_until)
                .outerjoin(Profile, Profile.person_id == Person.id)
                .where(Person.id.in_(some))
            ).all()
        read = run_blocking(_table_of, known, rows, spoken)
        known.table = run_blocking(_with, known.table, read)


def _table_of(
    known: Colleagues,
    rows: Sequence[Any],
    spoken: dict[int, list[str]],
) -> Table:
    return Table(
        np.array([row.id for row in rows], np.int64),
        np.array([known.departments.code(row.department or "") for row in rows], np.int32),
        np.array([known.locations.code(row.location or "") for row in rows], np.int32),
        np.array([known.languages.code(tuple(spoken.get(row.id, ()))) for row in rows], np.int32),
        np.array([row.deactivated_at is not None for row in rows], np.bool_),
        np.array([row.focusing_until.timestamp() if row.focusing_until else 0.0 for row in rows]),
    )


def _with(table: Table, read: Table) -> Table:
    """The table with these people in place of what was known of them."""
    kept = ~np.isin(table.ids, read.ids)
    ids = np.concatenate([table.ids[kept], read.ids])
    order = np.argsort(ids)
    columns = (
        (table.department, read.department),
        (table.location, read.location),
        (table.speaks, read.speaks),
        (table.has_left, read.has_left),
        (table.focusing_until, read.focusing_until),
    )
    return Table(ids[order], *(np.concatenate([before[kept], now])[order] for before, now in columns))
