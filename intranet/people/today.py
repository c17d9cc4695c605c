"""Whose day covers whose: places, their clocks, and how many are around in each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.people.cards import AROUND, PersonCard, card_of, cards_select
from intranet.people.hours import hours_ahead, local_clock, zone_of
from intranet.people.models import PresenceMark, Profile

_PLACES = 24
_SHOWN = 3
_BEGINS, _ENDS = 9.0, 18.0  # the usual working day, by the wall clock of the place


@dataclass(frozen=True, slots=True)
class Place:
    """One place with most of its people in one time zone. ``begins`` and ``ends`` are hours on the reader's clock."""

    name: str
    timezone: str
    clock: str
    begins: float
    ends: float
    is_working: bool
    around: int
    everybody: int
    people: list[PersonCard]


def places_today(session: Session, own_zone: str) -> list[Place]:
    """The largest places from east to west. Two statements."""
    is_around = case((PresenceMark.seen_at > clock.now() - AROUND, 1), else_=0)
    everybody = func.count().label("everybody")
    counted = (
        select(
            Profile.location, func.max(Profile.timezone).label("zone"), everybody, func.sum(is_around).label("around")
        )
        .join(Person, Person.id == Profile.person_id)
        .outerjoin(PresenceMark, PresenceMark.person_id == Profile.person_id)
        .where(Person.deactivated_at.is_(None), Profile.location != "")
        .group_by(Profile.location)
        .order_by(everybody.desc(), Profile.location)
        .limit(_PLACES)
    )
    rows = session.execute(counted).all()
    people = _around(session, [row.location for row in rows])
    places = [_place(row, own_zone, people) for row in rows]
    return sorted(places, key=lambda place: (place.begins, place.name))


def _around(session: Session, names: list[str]) -> dict[str, list[PersonCard]]:
    here = cards_select().where(
        Profile.location.in_(names),
        PresenceMark.seen_at > clock.now() - AROUND,
        Person.deactivated_at.is_(None),
    )
    found: dict[str, list[PersonCard]] = {}
    for row in session.execute(here.order_by(PresenceMark.seen_at.desc(), Person.id).limit(len(names) * 20)):
        shown = found.setdefault(row.location, [])
        if len(shown) < _SHOWN:
            shown.append(card_of(row))
    return found


def _place(row: Any, own_zone: str, people: dict[str, list[PersonCard]]) -> Place:
    name, zone = row.location, row.zone
    ahead = hours_ahead(zone, own_zone or "UTC") or 0.0
    return Place(
        name=name,
        timezone=zone,
        clock=local_clock(zone),
        begins=max(0.0, _BEGINS - ahead),
        ends=min(24.0, _ENDS - ahead),
        is_working=_is_working(zone, clock.now()),
        around=row.around,
        everybody=row.everybody,
        people=people.get(name, []),
    )


def _is_working(zone_name: str, moment: datetime) -> bool:
    zone = zone_of(zone_name)
    if zone is None:
        return False
    local = moment.astimezone(zone)
    hour = timedelta(hours=local.hour, minutes=local.minute).total_seconds() / 3600
    return local.weekday() < 5 and _BEGINS <= hour < _ENDS
