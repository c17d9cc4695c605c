"""Where people said that they are now. It ends by itself, and what has ended is erased: there is no history."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart, clock, jobs
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, card_of, cards_select
from intranet.people.models import Profile

_READ, _PLACES, _SHOWN = 500, 24, 6


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """One place as its first guest wrote it, and who is there."""

    name: str
    people: list[PersonCard]
    count: int


def _holds() -> ColumnElement[bool]:
    ends = Profile.working_place_ends_at
    return (Profile.working_place != "") & or_(ends.is_(None), ends > clock.now())


def said_places(session: Session, viewer: Viewer) -> list[SaidPlace]:
    """The places that most people name, written alike or not; at most the latest five hundred who said anything."""
    here = (
        cards_select()
        .where(_holds(), Person.deactivated_at.is_(None), Person.id.not_in(apart.unheard(viewer.id)))
        .order_by(Profile.changed_at.desc(), Person.id)
        .limit(_READ)
    )
    found: dict[str, list[PersonCard]] = {}
    for card in map(card_of, session.execute(here)):
        found.setdefault(fold(card.working_place), []).append(card)
    places = [SaidPlace(people[0].working_place, people[:_SHOWN], len(people)) for people in found.values()]
    return sorted(places, key=lambda place: (-place.count, place.name))[:_PLACES]


@jobs.job("people.forget-places", every=timedelta(minutes=15))
def _forget(session: Session, _payload: dict[str, Any]) -> None:
    """Erase places and statuses that have ended: nobody can look up where somebody was."""
    same = Profile.changed_at  # nothing changed that anybody could see
    for ends, values in (
        (Profile.working_place_ends_at, {"working_place": "", "working_place_ends_at": None}),
        (Profile.status_ends_at, {"status_text": "", "status_emoji": "", "status_ends_at": None}),
    ):
        session.execute(update(Profile).where(ends <= clock.now()).values(**values, changed_at=same))
