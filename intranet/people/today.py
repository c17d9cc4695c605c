"""Whose day covers whose: places, their clocks, and how many are around in each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart, clock
from intranet.kernel.db import viewer_of
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
    """The largest places from east to west. Three statements."""
    everybody = func.count().label("everybody")
    counted = (
        select(Profile.location, func.max(Profile.timezone).label("zone"), everybody)
        .join(Person, Person.id == Profile.person_id)
        .where(Person.deactivated_at.is_(None), Profile.location != "")
        .group_by(Profile.location)
        .order_by(everybody.desc(), Profile.location)
        .limit(_PLACES)
    )
    rows = session.execute(counted).all()
    names = [row.location for row in rows]
    around, people = _around_counts(session, names), _around(session, names)
    places = [_place(row, own_zone, around.get(row.location, 0), people.get(row.location, [])) for row in rows]
    return sorted(places, key=lambda place: (place.begins, place.name))


def _around_counts(session: Session, names: list[str]) -> dict[str, int]:
    counted = (
        select(Profile.location, func.count())
        .select_from(PresenceMark)
        .join(Profile, Profile.person_id == PresenceMark.person_id)
        .join(Person, Person.id == PresenceMark.person_id)
        .where(
            PresenceMark.seen_at > clock.now() - AROUND, Person.deactivated_at.is_(None), Profile.location.in_(names)
        )
        .group_by(Profile.location)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _around(session: Session, names: list[str]) -> dict[str, list[PersonCard]]:
    here = cards_select().where(
        Profile.location.in_(names),
        PresenceMark.seen_at > clock.now() - AROUND,
        Person.deactivated_at.is_(None),
        Person.id.not_in(apart.unheard(viewer_of(session).id)),
    )
    found: dict[str, list[PersonCard]] = {}
    for row in session.execute(here.order_by(PresenceMark.seen_at.desc(), Person.id).limit(len(names) * 20)):
        shown = found.setdefault(row.location, [])
        if len(shown) < _SHOWN:
            shown.append(card_of(row))
    return found


def _place(row: Any, own_zone: str, around: int, people: list[PersonCard]) -> Place:
    name, zone = row.location, row.zone
    ahead = hours_ahead(zone, own_zone or "UTC") or 0.0
    return Place(
        name=name,
        timezone=zone,
        clock=local_clock(zone),
        begins=max(0.0, _BEGINS - ahead),
        ends=min(24.0, _ENDS - ahead),
        is_working=_is_working(zone, clock.now()),
        around=around,
        everybody=row.everybody,
        people=people,
    )


def _is_working(zone_name: str, moment: datetime) -> bool:
    zone = zone_of(zone_name)
    if zone is None:
        return False
    local = moment.astimezone(zone)
    hour = timedelta(hours=local.hour, minutes=local.minute).total_seconds() / 3600
    return local.weekday() < 5 and _BEGINS <= hour < _ENDS
