"""The org chart, one step at a time: the line up, the team beside, the reports below."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.people.cards import PersonCard, person_cards
from intranet.people.models import Profile
from intranet.people.profiles import line_up, report_count, report_ids

_TALLEST = 12
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Step:
    """Where one stands in the chart. ``teams`` counts the direct reports of each person below."""

    here: PersonCard
    above: list[PersonCard]
    previous: PersonCard | None
    next: PersonCard | None
    below: list[PersonCard]
    teams: dict[int, int]
    report_count: int


def step_at(session: Session, person_id: int) -> Step:
    """The chart around one person."""
    manager_id = session.scalar(select(Profile.manager_id).where(Profile.person_id == person_id))
    above = line_up(session, manager_id, most=_TALLEST)
    beside = report_ids(session, manager_id, most=_WIDEST) if manager_id else []
    below = report_ids(session, person_id, most=_WIDEST)
    before, after = _neighbours(beside, beside.index(person_id)) if person_id in beside else (None, None)
    cards = person_cards(session, {person_id, *above, *below, *(one for one in (before, after) if one)})
    return Step(
        here=cards[person_id],
        above=[cards[one] for one in reversed(above) if one in cards],
        previous=cards.get(before) if before else None,
        next=cards.get(after) if after else None,
        below=[cards[one] for one in below],
        teams=_teams(session, below),
        report_count=report_count(session, person_id),
    )


def _neighbours(team: list[int], place: int) -> tuple[int | None, int | None]:
    """Who stands before and after in a team, which is a ring; of two, each is on one side of the other."""
    is_ring, last = len(team) > 2, len(team) - 1
    before = team[place - 1] if is_ring or place > 0 else None
    after = team[(place + 1) % len(team)] if is_ring or place < last else None
    return before, after


def _teams(session: Session, ids: list[int]) -> dict[int, int]:
    joined = select(Profile.manager_id, func.count()).join(Person, Person.id == Profile.person_id)
    counted = joined.where(Profile.manager_id.in_(ids), Person.deactivated_at.is_(None)).group_by(Profile.manager_id)
    return {row[0]: row[1] for row in session.execute(counted) if row[0] is not None}
