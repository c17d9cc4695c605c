"""What narrows a list of experts: where they work, what they speak, whether they are around, how fresh it is.

The engine hands over everybody who was found once, and what is asked for is chosen and counted there and then, on
arrays, in the thread that answers.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from intranet.expertise.colleagues import Colleagues, Ids, Values
from intranet.kernel import clock

_MOST_CHOICES = 8

Flags = NDArray[np.bool_]
V = TypeVar("V", bound=Hashable)


class Fresh(StrEnum):
    """When somebody last showed that they know it."""

    MONTH = "month"
    YEAR = "year"
    ANY = "any"

    @property
    def since(self) -> datetime | None:
        days = {Fresh.MONTH: 30, Fresh.YEAR: 365}.get(self)
        # To the day, so that the same question an hour later is the same question.
        today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return today - timedelta(days=days) if days else None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the asker chose; within a facet any of the values will do, all facets must hold."""

    departments: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    is_available: bool = False
    fresh: Fresh = Fresh.ANY

    @property
    def count(self) -> int:
        """How many things were chosen."""
        chosen = len(self.departments) + len(self.locations) + len(self.languages)
        return chosen + self.is_available + (self.fresh is not Fresh.ANY)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, and how many people it would leave."""

    value: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts are those of people who meet all the *other* facets."""

    departments: tuple[Choice, ...] = ()
    locations: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    available: Choice = Choice("1", 0, False)
    fresh: tuple[Choice, ...] = ()


class Narrower:
    """Chooses among everybody who was found, and counts what each further choice would leave.

    Leavers are never among them. ``everybody`` is how many there are without any narrowing.
    """

    def __init__(self, colleagues: Colleagues, here: Ids, narrowing: Narrowing, *, with_facets: bool) -> None:
        self._colleagues, self._table, self._here = colleagues, colleagues.table, here
        self._narrowing, self._with_facets = narrowing, with_facets
        self._since = {age: age.since for age in Fresh}
        self._now = clock.now().timestamp()
        self.facets = Facets()
        self.everybody = 0

    def __call__(self, people: Ids, last: NDArray[np.int64]) -> Flags:
        """The engine's `Narrow`: which of the people, best first, are wanted; ``last`` in milliseconds."""
        table = self._table
        rows = table.rows(people)
        present: Flags = ~table.has_left[rows]
        self.everybody = int(np.count_nonzero(present))
        fresh = {age: _is_since(last, since) for age, since in self._since.items()}
        chosen, known = self._narrowing, self._colleagues
        speaking = [spoken for spoken in known.languages.all if set(spoken) & set(chosen.languages)]
        meets = {
            "departments": _is_any(table.department[rows], known.departments, chosen.departments)
            if chosen.departments
            else None,
            "locations": _is_any(table.location[rows], known.locations, chosen.locations) if chosen.locations else None,
            "languages": _is_any(table.speaks[rows], known.languages, speaking) if chosen.languages else None,
            "available": self._are_available(people, rows) if chosen.is_available else None,
            "fresh": fresh[chosen.fresh],
        }
        if self._with_facets:
            self.facets = self._counted(people, rows, _Others(present, meets), fresh)
        return _Others(present, meets).but("")

    def _are_available(self, people: Ids, rows: Ids) -> Flags:
        at = np.minimum(np.searchsorted(self._here, people), max(len(self._here) - 1, 0))
        around = self._here[at] == people if len(self._here) else np.zeros(len(people), np.bool_)
        found: Flags = np.logical_and(around, self._table.focusing_until[rows] <= self._now)
        return found

    def _counted(self, people: Ids, rows: Ids, others: "_Others", fresh: Mapping[Fresh, Flags]) -> Facets:
        known, table, chosen = self._colleagues, self._table, self._narrowing
        departments = _tally(table.department[rows[others.but("departments")]], known.departments.all)
        locations = _tally(table.location[rows[others.but("locations")]], known.locations.all)
        languages: Counter[str] = Counter()
        for spoken, number in _tally(table.speaks[rows[others.but("languages")]], known.languages.all).items():
            languages.update(dict.fromkeys(spoken, number))
        available = np.count_nonzero(others.but("available") & self._are_available(people, rows))
        left = others.but("fresh")
        return Facets(
            _choices(departments, chosen.departments),
            _choices(locations, chosen.locations),
            _choices(languages, chosen.languages),
            Choice("1", int(available), chosen.is_available),
            tuple(Choice(age, int(np.count_nonzero(left & fresh[age])), age is chosen.fresh) for age in Fresh),
        )


@dataclass(frozen=True, slots=True)
class _Others:
    """Who meets which facet; None where nothing was chosen."""

    present: Flags
    meets: Mapping[str, Flags | None]

    def but(self, facet: str) -> Flags:
        """Who meets every facet but this one."""
        asked = (flags for name, flags in self.meets.items() if name != facet and flags is not None)
        return reduce(np.logical_and, asked, self.present)


def _is_since(last: NDArray[np.int64], since: datetime | None) -> Flags:
    return np.ones(len(last), np.bool_) if since is None else last >= int(since.timestamp() * 1000)


def _is_any(codes: NDArray[np.int32], known: Values[V], wanted: Sequence[V]) -> Flags:
    return np.isin(codes, [known.code(value) for value in wanted])


def _tally(codes: NDArray[np.int32], values: Sequence[V]) -> dict[V, int]:
    """How often each value stands there, the empty one left out."""
    counts = np.bincount(codes, minlength=1)
    counts[0] = 0
    return {values[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}


def _choices(counts: Mapping[str, int], chosen: Sequence[str]) -> tuple[Choice, ...]:
    """The values of a facet, most frequent first; chosen values are always among them."""
    shown = sorted(counts, key=lambda value: (-counts[value], value))[:_MOST_CHOICES]
    shown += sorted(set(chosen).difference(shown))
    return tuple(Choice(value, counts.get(value, 0), value in chosen) for value in shown)
