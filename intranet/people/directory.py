"""The directory: search, facets with counts, and one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.page import Page
from intranet.kernel.text import fold
from intranet.people.cards import AROUND, PAGE, PersonCard, cards_select, page_by_name
from intranet.people.models import PresenceMark, Profile, SpokenLanguage

_FACET_VALUES = 12


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """What narrows the directory; within a facet values add up, between facets they narrow."""

    words: str = ""
    departments: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    around: bool = False

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.departments or self.locations or self.languages or self.around)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value to tick, and how many people it would leave."""

    value: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts under the present filter, each facet as if it were not filtered itself."""

    locations: list[FacetValue] = field(default_factory=list)
    departments: list[FacetValue] = field(default_factory=list)
    languages: list[FacetValue] = field(default_factory=list)


def directory_page(
    session: Session, chosen: DirectoryFilter, *, cursor: str | None = None, limit: int = PAGE
) -> Page[PersonCard]:
    """Colleagues in the order of their names; leavers are not among them. One statement."""
    return page_by_name(session, cards_select().where(*_conditions(chosen)), cursor=cursor, limit=limit)


def directory_count(session: Session, chosen: DirectoryFilter) -> int:
    """How many people the filter leaves."""
    return session.scalar(_counting(func.count(), chosen)) or 0


def directory_facets(session: Session, chosen: DirectoryFilter) -> Facets:
    """Counts for each facet: three statements."""
    return Facets(
        locations=_values(session, Profile.location, replace(chosen, locations=()), chosen.locations),
        departments=_values(session, Profile.department, replace(chosen, departments=()), chosen.departments),
        languages=_values(session, SpokenLanguage.language, replace(chosen, languages=()), chosen.languages),
    )


def _counting(what: "ColumnElement[Any]", chosen: DirectoryFilter, *more: Any) -> "Select[Any]":
    """Joins only what the filter asks about: each join costs a lookup for every colleague of a large company."""
    counting: Select[Any] = select(*more, what).select_from(Person)
    if chosen.words or chosen.departments or chosen.locations or any(column.class_ is Profile for column in more):
        counting = counting.outerjoin(Profile, Profile.person_id == Person.id)
    if chosen.around:
        counting = counting.join(PresenceMark, PresenceMark.person_id == Person.id)
    return counting.where(*_conditions(chosen))


def _values(session: Session, column: Any, others: DirectoryFilter, ticked: Sequence[str]) -> list[FacetValue]:
    number = func.count().label("number")
    counting = _counting(number, others, column)
    if column is SpokenLanguage.language:
        counting = counting.join(SpokenLanguage, SpokenLanguage.person_id == Person.id)
    counting = counting.where(column != "").group_by(column).order_by(number.desc(), column).limit(_FACET_VALUES)
    found = [FacetValue(value, count, value in ticked) for value, count in session.execute(counting)]
    missing = [value for value in ticked if value not in {entry.value for entry in found}]
    return found + [FacetValue(value, 0, is_chosen=True) for value in missing]


def _conditions(chosen: DirectoryFilter) -> "list[ColumnElement[bool]]":
    conditions: list[ColumnElement[bool]] = [Person.deactivated_at.is_(None)]
    for word in fold(chosen.words).split()[:8]:
        matches = [
            column.contains(word.lstrip("@"), autoescape=True)
            for column in (Person.folded_name, Profile.folded_title, Person.username)
        ]
        conditions.append(or_(*matches))
    if chosen.departments:
        conditions.append(Profile.department.in_(chosen.departments))
    if chosen.locations:
        conditions.append(Profile.location.in_(chosen.locations))
    if chosen.languages:
        speakers = select(SpokenLanguage.person_id).where(SpokenLanguage.language.in_(chosen.languages))
        conditions.append(Person.id.in_(speakers))
    if chosen.around:
        conditions.append(PresenceMark.seen_at > clock.now() - AROUND)
    return conditions
