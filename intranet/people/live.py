"""What open pages hear about people, and what they tell."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel import jobs, live
from intranet.kernel.policy import MEMBER
from intranet.kernel.viewer import Viewer
from intranet.people import presence
from intranet.people.apart.events import PersonParted
from intranet.people.cards import person_cards
from intranet.people.events import PersonFollowed, ProfileChanged
from intranet.people.routes import feature
from intranet.people.schemas import card_json


@feature.on("presence:seen", allow=MEMBER)
def seen(session: Session, viewer: Viewer, data: dict[str, Any]) -> dict[str, Any]:
    """The page is open and in use; with ``away`` its person has left it alone."""
    changed = presence.mark_seen(session, viewer.member_id, away=data.get("away") is True)
    if changed is not None:
        presence.announce(viewer.member_id, changed)
    return {}


def profile_changed(session: Session, happened: ProfileChanged) -> dict[str, Any] | None:
    """The card as everybody may see it."""
    card = person_cards(session, [happened.person_id]).get(happened.person_id)
    return None if card is None else {"person": card_json(card)}


def person_followed(session: Session, happened: PersonFollowed) -> dict[str, Any] | None:
    """To the one who is followed: by whom."""
    card = person_cards(session, [happened.follower_id]).get(happened.follower_id)
    return None if card is None else {"follower": card_json(card)}


def person_parted(session: Session, happened: PersonParted) -> dict[str, Any] | None:
    """To the one who wanted it, whose pages let go of what the other wrote."""
    card = person_cards(session, [happened.other_id]).get(happened.other_id)
    return None if card is None else {"username": card.username}


@jobs.job("people.forget-presence", every=timedelta(hours=1))
def _forget(session: Session, _payload: dict[str, Any]) -> None:
    presence.forget_old(session)


def start() -> None:
    """Have the hub present our events."""
    live.presents(ProfileChanged, profile_changed)
    live.presents(PersonFollowed, person_followed)
    live.presents(PersonParted, person_parted)
