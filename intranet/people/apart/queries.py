"""Reading whom somebody keeps apart from: only ever their own list."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.apart import Apart, ApartKind
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards


@dataclass(frozen=True, slots=True)
class Standing:
    """How the viewer stands to one person. ``is_apart`` holds on both sides of a block, ``has_blocked`` on one."""

    has_muted: bool = False
    has_blocked: bool = False
    is_apart: bool = False


def standing_to(session: Session, viewer: Viewer, person_id: int) -> Standing:
    """One statement."""
    held = select(Apart.kind).where(Apart.person_id == viewer.id, Apart.other_id == person_id)
    kinds = set(session.scalars(held))
    return Standing(
        has_muted=ApartKind.MUTED in kinds,
        has_blocked=ApartKind.BLOCKED in kinds,
        is_apart=bool(kinds - {ApartKind.MUTED}),
    )


def kept_apart(session: Session, viewer: Viewer, kind: ApartKind) -> list[PersonCard]:
    """Whom the viewer has muted, or blocked, the latest first; at most as many as one may."""
    held = select(Apart.other_id).where(Apart.person_id == viewer.member_id, Apart.kind == kind)
    ids = list(session.scalars(held.order_by(Apart.created_at.desc(), Apart.other_id)))
    cards = person_cards(session, ids)
    return [cards[one] for one in ids if one in cards]
