"""Two or three people side by side, in rows that say who is strongest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask_babel import format_date, format_number
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.expertise.describing import ExpertCard
from intranet.people.cards import PersonCard
from intranet.people.hours import hours_ahead, local_clock

V = TypeVar("V", int, float, date)
MOST = 3
_BEGINS, _ENDS = 9.0, 17.0
_NEVER = date.min


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in words; the strongest of a row is marked, unless all are the same."""

    words: str
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Somebody in the comparison; ``expert`` is None where nothing shows that they know it."""

    person: PersonCard
    expert: ExpertCard | None


def people_named(session: Session, usernames: Sequence[str]) -> list[int]:
    """Ids of the first few usernames that somebody here has, in their order."""
    wanted = list(dict.fromkeys(name.lower() for name in usernames))[:MOST]
    found = select(Person.username, Person.id).where(Person.username.in_(wanted), Person.deactivated_at.is_(None))
    ids = {row.username: row.id for row in session.execute(found)}
    return [ids[name] for name in wanted if name in ids]


def rows(compared: Sequence[Compared], own_zone: str, languages: dict[int, list[str]]) -> list[Row]:
    """The comparison beneath the bars."""
    experts = [one.expert for one in compared]
    people = [one.person for one in compared]
    hours = [overlap(person.timezone, own_zone) for person in people]
    return [
        Row(_("Posts and comments about it"), _ranked([e.written if e else 0 for e in experts], format_number)),
        Row(_("Colleagues who vouch"), _ranked([e.vouchers if e else 0 for e in experts], format_number)),
        Row(_("Last active on this"), _ranked([_last(e) for e in experts], _day)),
        Row(_("Their time now"), tuple(Cell(local_clock(person.timezone) or _("unknown")) for person in people)),
        Row(_("Overlap with your day"), _ranked(hours, _hours)),
        Row(_("Speaks"), tuple(Cell(", ".join(languages.get(person.id, ())) or _("unknown")) for person in people)),
    ]


def _ranked(values: Sequence[V], words: Callable[[V], str]) -> tuple[Cell, ...]:
    best = max(values, default=None)
    is_even = len(set(values)) <= 1
    return tuple(Cell(words(value), not is_even and value == best) for value in values)


def _last(expert: ExpertCard | None) -> date:
    return expert.last_active if expert and expert.last_active else _NEVER


def _day(day: date) -> str:
    return str(_("never") if day == _NEVER else format_date(day, "d MMM y"))


def _hours(hours: float) -> str:
    if hours < 0:
        return str(_("unknown"))
    if hours >= _ENDS - _BEGINS:
        return str(_("All day"))
    return str(_("%(count)s hours", count=format_number(hours)) if hours else _("None"))


def overlap(timezone: str, own_zone: str) -> float:
    """Hours of a nine-to-five day that two people share; -1 where a zone is unknown."""
    ahead = hours_ahead(timezone, own_zone)
    if ahead is None:
        return -1.0
    shift = (ahead + 12) % 24 - 12  # the day line: 20 hours ahead is a working day 4 hours later
    return max(0.0, _ENDS - _BEGINS - abs(shift))
