"""Who is asked a question and what they are doing, as every reader of it may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock, reach
from intranet.kernel.policy import allows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.hours import local_clock, zone_of
from intranet.people.models import Profile
from intranet.posts.anonymous.queries import is_by
from intranet.posts.asking.models import Asking, Urgency
from intranet.questions.actions import find_question
from intranet.questions.asked.reasons import reason, reason_for_me
from intranet.questions.policy import QuestionPermission
from intranet.questions.routing.candidates import week_of
from intranet.questions.routing.choosing import PER_WEEK
from intranet.questions.routing.hours import USUAL
from intranet.questions.routing.models import AskedPerson, AskingHours, Doing, Why

CIRCLE = (Why.FOLLOWS, Why.STEWARD)
"""Why somebody is told that a question is open without being shown as asked."""
_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class AskedCard:
    """One person who was asked, and why."""

    person: PersonCard
    doing: Doing
    why: str
    note: str
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class SparedCard:
    """Somebody who would be asked but for the hour: what time it is there, and when their day begins."""

    person: PersonCard
    clock: str
    until: str


@dataclass(frozen=True, slots=True)
class Mine:
    """What the viewer is asked. ``can_wait`` is False once they were asked again."""

    why: str
    doing: Doing
    again_at: datetime | None
    can_wait: bool

    @property
    def is_open(self) -> bool:
        """Whether they have not dealt with it yet."""
        return self.doing in {Doing.ASKED, Doing.SEEN, Doing.LATER}


@dataclass(frozen=True, slots=True)
class WhoIsAsked:
    """Everything about a question's way to those who know. ``around`` counts followers and stewards, who are only told
    that it is open."""

    post_id: int
    urgency: Urgency
    asked: list[AskedCard]
    spared: list[SparedCard]
    around: int
    next_at: datetime | None
    is_solved: bool
    mine: Mine | None
    may_ask_more: bool


def who_is_asked(session: Session, viewer: Viewer, post_id: int) -> WhoIsAsked | None:
    """None for a question that never looked for anybody, such as one from an import.

    Raises:
        NotFound: there is no such question for this viewer.
    """
    post = find_question(session, post_id)
    asking = session.get(Asking, post.id)
    if asking is None:
        return None
    far = reach.blocked_ids(session, viewer.id)
    of_it = select(AskedPerson).where(AskedPerson.post_id == post.id)
    found = of_it.where(AskedPerson.why.not_in(CIRCLE)).order_by(AskedPerson.asked_at, AskedPerson.person_id)
    rows = [row for row in session.scalars(found.limit(_MOST_SHOWN)) if row.person_id not in far]
    counted = select(func.count()).where(AskedPerson.post_id == post.id, AskedPerson.why.in_(CIRCLE))
    own = session.get(AskedPerson, (post.id, viewer.id)) if viewer.id is not None else None
    spared = [one for one in asking.spared if int(one["person"]) not in far] if asking.ended_at is None else []
    names = {row.by_id for row in [*rows, *([own] if own else [])] if row.by_id is not None}
    cards = person_cards(session, {*(row.person_id for row in rows), *(int(one["person"]) for one in spared), *names})
    is_open = post.accepted_id is None and post.frozen_at is None
    return WhoIsAsked(
        post_id=post.id,
        urgency=asking.urgency,
        asked=[_asked(row, cards) for row in rows if row.person_id in cards],
        spared=[_spared(cards[int(one["person"])], one["until"]) for one in spared if int(one["person"]) in cards],
        around=session.scalar(counted) or 0,
        next_at=asking.next_at,
        is_solved=post.accepted_id is not None,
        mine=_mine(own, cards) if own is not None else None,
        may_ask_more=is_open and allows(QuestionPermission.ASK_MORE, viewer, is_by(session, post, viewer.id)),
    )


def _name_of(row: AskedPerson, cards: dict[int, PersonCard]) -> str:
    return cards[row.by_id].name if row.by_id in cards else ""


def _asked(row: AskedPerson, cards: dict[int, PersonCard]) -> AskedCard:
    return AskedCard(cards[row.person_id], row.doing, reason(row, _name_of(row, cards)), row.note, row.again_at)


def _mine(row: AskedPerson, cards: dict[int, PersonCard]) -> Mine:
    return Mine(reason_for_me(row, _name_of(row, cards)), row.doing, row.again_at, row.reminded_at is None)


def _spared(card: PersonCard, until: str) -> SparedCard:
    zone = zone_of(card.timezone)
    begins = datetime.fromisoformat(until).astimezone(zone)
    return SparedCard(card, local_clock(card.timezone), begins.strftime("%H:%M"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How often and when somebody is asked. ``days`` are seven pairs of minutes of the day, or None."""

    per_week: int
    used: int
    days: tuple[tuple[int, int] | None, ...]
    away_until: datetime | None
    timezone: str
    is_usual: bool


def limits_of(session: Session, person_id: int) -> Limits:
    """What somebody set, or what holds for those who set nothing."""
    hours = session.get(AskingHours, person_id)
    timezone = session.scalar(select(Profile.timezone).where(Profile.person_id == person_id)) or ""
    week = week_of(hours, timezone)
    since = select(func.count()).where(
        AskedPerson.person_id == person_id, AskedPerson.asked_at >= week.monday(clock.now())
    )
    away = hours.away_until if hours is not None and hours.away_until else None
    return Limits(
        per_week=hours.per_week if hours is not None else PER_WEEK,
        used=session.scalar(since) or 0,
        days=week.days,
        away_until=away if away is not None and away > clock.now() else None,
        timezone=timezone,
        is_usual=week.days == USUAL,
    )
