"""Bringing colleagues into a conversation."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.actions.belonging import locked, take_in
from intranet.chat.events import ConversationJoined
from intranet.chat.finding import membership_of
from intranet.chat.models import Conversation
from intranet.chat.policy import ChatPermission
from intranet.kernel import audience
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer

MOST_AT_ONCE = 50


def bring_in(session: Session, viewer: Viewer, conversation_id: int, usernames: Iterable[str]) -> int:
    """Make colleagues members of a room or group conversation; they read what was said before. Returns how many.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: the viewer may not bring others in.
        Invalid: nobody is named, or a name is nobody's, or somebody is not in the room's group.
    """
    conversation = locked(session, conversation_id)
    require(ChatPermission.INVITE, viewer, conversation, membership_of(session, conversation.id, viewer.id))
    people = colleagues(session, usernames)
    if not people:
        raise Invalid({"people": str(_("Name at least one colleague."))})
    _refuse_outsiders_of_group(session, conversation, people)
    count = 0
    for person in people:
        if take_in(session, conversation, person.id) is not None:
            record(session, ConversationJoined(conversation.id, person.id, viewer.id, conversation.id))
            count += 1
    return count


def colleagues(session: Session, usernames: Iterable[str]) -> list[Person]:
    """The people behind usernames, each once, in the order given.

    Raises:
        Invalid: too many, a name is nobody's, or somebody has left.
    """
    names = list(dict.fromkeys(name.lower().lstrip("@") for name in usernames))
    if len(names) > MOST_AT_ONCE:
        raise Invalid({"people": str(_("At most %(count)s at once.", count=MOST_AT_ONCE))})
    here = select(Person).where(Person.username.in_(names), Person.deactivated_at.is_(None))
    found = {person.username: person for person in session.scalars(here)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise Invalid({"people": str(_("Nobody here is called %(names)s.", names=", ".join(unknown)))})
    return [found[name] for name in names]


def _refuse_outsiders_of_group(session: Session, conversation: Conversation, people: list[Person]) -> None:
    if conversation.group_id is None:
        return
    inside = audience.member_ids(session, conversation.group_id)
    outside = [person.name for person in people if person.id not in inside]
    if outside:
        raise Invalid({"people": str(_("Not in the room's group: %(names)s.", names=", ".join(outside)))})
