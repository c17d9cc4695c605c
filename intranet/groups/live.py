"""What sockets are told of groups: the card, the same for everybody who may know of it."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.groups import events
from intranet.groups.queries import group_cards
from intranet.kernel.live import Message, presents
from intranet.people.cards import person_cards


def _card(session: Session, group_id: int) -> Message | None:
    card = group_cards(session, [group_id]).get(group_id)
    return card.as_json() if card else None


def group(session: Session, event: events.GroupFounded | events.GroupChanged) -> Message | None:
    return _card(session, event.group_id)


def member(session: Session, event: events.MemberJoined | events.MemberLeft) -> Message | None:
    card = _card(session, event.group_id)
    return card and {**card, "person_id": str(event.person_id)}


def ended(_session: Session, event: events.MembershipEnded) -> dict[str, Any]:
    """The id alone: of a hidden group there is nothing more to be told."""
    return {"id": str(event.group_id)}


def asked(session: Session, event: events.JoinAsked) -> Message | None:
    card, people = _card(session, event.group_id), person_cards(session, [event.person_id])
    return card and {"group": card, "person": {"name": people[event.person_id].name, "id": str(event.person_id)}}


def invited(session: Session, event: events.PersonInvited) -> dict[str, Any]:
    people = person_cards(session, [event.inviter_id])
    return {"group_id": str(event.group_id), "by": people[event.inviter_id].name}


def answered(session: Session, event: events.RequestAnswered) -> Message | None:
    card = _card(session, event.group_id)
    return card and {"group": card, "was_let_in": event.was_let_in}


def set_up() -> None:
    """Have groups pushed; called once at start."""
    presents(events.GroupFounded, group)
    presents(events.GroupChanged, group)
    presents(events.MemberJoined, member)
    presents(events.MemberLeft, member)
    presents(events.MembershipEnded, ended)
    presents(events.JoinAsked, asked)
    presents(events.PersonInvited, invited)
    presents(events.RequestAnswered, answered)
