"""Who is around. A mark per person, written over at most every 45 seconds, and forgotten without a trace.

Pushes are lossy: a browser that misses one sees the truth at its next page.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart, clock, live
from intranet.kernel.audience import EVERYONE
from intranet.kernel.prepared import Prepared
from intranet.kernel.rooms import audience_room
from intranet.kernel.tables import BigId, UtcDateTime
from intranet.kernel.together import READER
from intranet.people.cards import AROUND, AWAY, PersonCard, Presence, card_of, cards_select, presence_of
from intranet.people.models import Follow, FollowKind, PresenceMark, Profile

_OFTEN_ENOUGH = timedelta(seconds=45)
_STEPPED_AWAY = AROUND + timedelta(seconds=1)


def mark_seen(session: Session, person_id: int, *, away: bool = False) -> Presence | None:
    """Note that somebody is here, or has just stepped away; returns the new presence if it changed since the last mark:
    who wants to be left alone stays so, and comes back by themselves when that is over."""
    present = clock.now()
    profile = session.get(Profile, person_id)
    focusing_until = profile.focusing_until if profile else None
    seen_at = present - _STEPPED_AWAY if away else present
    mark = session.get(PresenceMark, person_id)
    before = presence_of(mark.seen_at if mark else None)
    if (
        mark is not None
        and before is not Presence.GONE
        and focusing_until is not None
        and focusing_until > mark.seen_at
    ):
        before = Presence.FOCUSING
    if mark is None:
        session.add(PresenceMark(person_id=person_id, seen_at=seen_at))
    elif away or seen_at - mark.seen_at > _OFTEN_ENOUGH:
        mark.seen_at = seen_at
    after = presence_of(seen_at, focusing_until)
    return after if after is not before else None


def announce(person_id: int, presence: Presence) -> None:
    """Tell every open page."""
    data = {"person_id": str(person_id), "state": presence.value}
    live.push_lossy("presence", data, room=audience_room(EVERYONE))


@dataclass(frozen=True, slots=True)
class Around:
    """Who is around now: a few of them, and how many in all, the viewer not counted."""

    people: list[PersonCard]
    count: int


def around_now(session: Session, viewer_id: int, *, most: int = 8) -> Around:
    """Colleagues who are around, those whom the viewer follows first. Two statements."""
    places = {"reader": viewer_id, "since": clock.now() - AROUND, "most": most}
    people = [card_of(row) for row in _few_around().rows(session, places)]
    if len(people) < most:
        return Around(people, len(people))
    return Around(people, _count_around().scalar(session, places) or 0)


@cache
def _here() -> tuple[ColumnElement[bool], ...]:
    return (
        PresenceMark.seen_at > bindparam("since", type_=UtcDateTime),
        Person.deactivated_at.is_(None),
        Person.id != READER,
        Person.id.not_in(apart.unheard(READER)),
    )


@cache
def _few_around() -> Prepared:
    followed = select(Follow.target_id).where(Follow.follower_id == READER, Follow.kind == FollowKind.PERSON)
    order = Person.id.in_(followed).desc(), PresenceMark.seen_at.desc(), Person.id
    return Prepared(cards_select().where(*_here()).order_by(*order).limit(bindparam("most", type_=BigId)))


@cache
def _count_around() -> Prepared:
    counted = select(func.count()).select_from(PresenceMark).join(Person, Person.id == PresenceMark.person_id)
    return Prepared(counted.where(*_here()))


def forget_old(session: Session) -> None:
    """Drop marks that no longer say anything."""
    for mark in session.scalars(select(PresenceMark).where(PresenceMark.seen_at < clock.now() - AWAY).limit(1000)):
        session.delete(mark)
