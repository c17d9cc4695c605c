"""What narrows a list of experts: where they work, what they speak, whether they are around, how fresh it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.people.cards import AROUND
from intranet.people.models import PresenceMark, Profile
from intranet.people.queries import languages_of

_MOST_CHOICES = 8
_CHUNK = 500


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
    def is_by_person(self) -> bool:
        """Whether anything depends on who the people are, beyond what they wrote."""
        return bool(self.departments or self.locations or self.languages or self.is_available)

    @property
    def count(self) -> int:
        """How many things were chosen."""
        chosen = len(self.departments) + len(self.locations) + len(self.languages)
        return chosen + self.is_available + (self.fresh is not Fresh.ANY)


@dataclass(frozen=True, slots=True)
class Traits:
    """What facets know of a person."""

    department: str
    location: str
    languages: tuple[str, ...]
    is_available: bool


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


def traits_of(session: Session, people: Sequence[int]) -> dict[int, Traits]:
    """Traits of the people found, in a few statements."""
    found: dict[int, Traits] = {}
    for start in range(0, len(people), _CHUNK):
        some = people[start : start + _CHUNK]
        spoken = languages_of(session, some)
        rows = session.execute(
            select(Profile.person_id, Profile.department, Profile.location, Profile.focusing_until).where(
                Profile.person_id.in_(some)
            )
        )
        marks = select(PresenceMark.person_id).where(
            PresenceMark.person_id.in_(some), PresenceMark.seen_at > clock.now() - AROUND
        )
        around = set(session.scalars(marks))
        for row in rows:
            is_focusing = row.focusing_until is not None and row.focusing_until > clock.now()
            found[row.person_id] = Traits(
                row.department,
                row.location,
                tuple(spoken.get(row.person_id, ())),
                row.person_id in around and not is_focusing,
            )
    return found


_NOBODY = Traits("", "", (), False)
_FACETS: dict[str, Callable[[Traits], Iterable[str]]] = {
    "departments": lambda traits: (traits.department,),
    "locations": lambda traits: (traits.location,),
    "languages": lambda traits: traits.languages,
    "is_available": lambda traits: ("1",) if traits.is_available else (),
}


def _chosen(narrowing: Narrowing, facet: str) -> set[str]:
    if facet == "is_available":
        return {"1"} if narrowing.is_available else set()
    return set(getattr(narrowing, facet))


def matching(people: Sequence[int], traits: dict[int, Traits], narrowing: Narrowing, *, but: str = "") -> list[int]:
    """Those who meet every facet (``but`` one)."""
    asked = {facet: chosen for facet in _FACETS if facet != but and (chosen := _chosen(narrowing, facet))}
    return [
        person
        for person in people
        if all(chosen.intersection(_FACETS[facet](traits.get(person, _NOBODY))) for facet, chosen in asked.items())
    ]


def count(people: Sequence[int], traits: dict[int, Traits], narrowing: Narrowing) -> dict[str, tuple[Choice, ...]]:
    """The values of each facet of people, most frequent first; chosen values are always among them."""
    found: dict[str, tuple[Choice, ...]] = {}
    for facet, values_of in _FACETS.items():
        left = matching(people, traits, narrowing, but=facet)
        counted = Counter(value for person in left for value in values_of(traits.get(person, _NOBODY)) if value)
        chosen = _chosen(narrowing, facet)
        shown = [value for value, _count in counted.most_common(_MOST_CHOICES)]
        shown += sorted(chosen.difference(shown))
        found[facet] = tuple(Choice(value, counted[value], value in chosen) for value in shown)
    return found
