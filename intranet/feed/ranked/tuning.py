"""What a reader wants more and less of: three dials, and reasons that were turned down."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.feed.models import FeedDials, LessOf
from intranet.feed.ranked.formula import DIALS, turns_down
from intranet.feed.ranked.reasons import Reason, Why
from intranet.groups.queries import group_cards
from intranet.kernel.errors import Invalid
from intranet.kernel.viewer import Viewer
from intranet.people.cards import person_cards
from intranet.topics.queries import topic_cards

MOST_LESS = 200
_OFFERED = frozenset({Why.ANNOUNCED, Why.PERSON, Why.TOPIC, Why.GROUP})


@dataclass(frozen=True, slots=True)
class Dials:
    """Each from 0 to 4."""

    people: int = 2
    topics: int = 2
    groups: int = 2


def dials_of(session: Session, viewer: Viewer) -> Dials:
    """How the viewer has set the three dials."""
    held = session.get(FeedDials, viewer.member_id)
    return Dials(held.people, held.topics, held.groups) if held else Dials()


def set_dials(session: Session, viewer: Viewer, dials: Dials) -> None:
    """Keep the three dials.

    Raises:
        Invalid: one is no place of the dial.
    """
    wrong = {
        name: str(_("Choose one of the listed values."))
        for name in ("people", "topics", "groups")
        if getattr(dials, name) not in range(len(DIALS))
    }
    if wrong:
        raise Invalid(wrong)
    held = session.get(FeedDials, viewer.member_id)
    if held is None:
        held = FeedDials(person_id=viewer.member_id)
        session.add(held)
    held.people, held.topics, held.groups = dials.people, dials.topics, dials.groups


def turn_down(session: Session, viewer: Viewer, why: Why, target_id: int, *, is_on: bool) -> None:
    """Want less of what is there for a reason, or as much as of anything again.

    Raises:
        Invalid: that reason is not turned down, or there are too many already.
    """
    why = turns_down(why)
    if why not in _OFFERED:
        raise Invalid({"why": str(_("Choose one of the listed values."))})
    key = (viewer.member_id, why.value, target_id)
    held = session.get(LessOf, key)
    if not is_on:
        session.execute(
            delete(LessOf).where(LessOf.person_id == key[0], LessOf.why == key[1], LessOf.target_id == key[2])
        )
    elif held is None:
        if len(less_of(session, viewer)) >= MOST_LESS:
            raise Invalid({"why": str(_("At most %(count)s. Take one back first.", count=MOST_LESS))})
        session.add(LessOf(person_id=viewer.member_id, why=why.value, target_id=target_id))


def less_of(session: Session, viewer: Viewer) -> list[Reason]:
    """What the viewer turned down, the latest first; what they may no longer know of has no name."""
    mine = select(LessOf).where(LessOf.person_id == viewer.member_id).order_by(LessOf.since.desc()).limit(MOST_LESS)
    rows = list(session.scalars(mine))
    ids = {why: [row.target_id for row in rows if row.why == why.value] for why in _OFFERED}
    names = {
        Why.PERSON: {one.id: one.name for one in person_cards(session, ids[Why.PERSON]).values()},
        Why.TOPIC: {one.id: one.slug for one in topic_cards(session, ids[Why.TOPIC]).values()},
        Why.GROUP: {one.id: one.name for one in group_cards(session, ids[Why.GROUP]).values()},
    }
    return [Reason(Why(row.why), row.target_id, names.get(Why(row.why), {}).get(row.target_id, "")) for row in rows]
