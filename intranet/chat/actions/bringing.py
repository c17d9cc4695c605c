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
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people import naming
from intranet.people.naming import split_names

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


def names_in(session: Session, typed: str) -> list[str]:
    """The names in a field: with commas between, or usernames with blanks between."""
    parts = split_names(typed)
    several = [part for part in parts if " " in part]
    here = select(Person.folded_name).where(Person.folded_name.in_([fold(part) for part in several]))
    known = set(session.scalars(here)) if several else set()
    return [name for part in parts for name in ([part] if part not in several or fold(part) in known else part.split())]


def colleagues(session: Session, names: Iterable[str]) -> list[Person]:
    """The people behind usernames or full names, each once, in the order given.

    Raises:
        Invalid: too many, a name is nobody's or several people's, or somebody has left.
    """
    wanted = list(dict.fromkeys(name.lstrip("@") for name in names))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"people": str(_("At most %(count)s at once.", count=MOST_AT_ONCE))})
    return naming.colleagues(session, wanted, field="people", blocked_too=True)


def _refuse_outsiders_of_group(session: Session, conversation: Conversation, people: list[Person]) -> None:
    if conversation.group_id is None:
        return
    inside = audience.member_ids(session, conversation.group_id)
    outside = [person.name for person in people if person.id not in inside]
    if outside:
        raise Invalid({"people": str(_("Not in the room's group: %(names)s.", names=", ".join(outside)))})
