"""Beginning a conversation: with one colleague, with a few, or a room."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.actions.belonging import take_in
from intranet.chat.actions.bringing import colleagues
from intranet.chat.events import ConversationStarted
from intranet.chat.models import LONGEST_NAME, LONGEST_TOPIC, ChatRole, Conversation, ConversationKind
from intranet.chat.policy import ChatPermission
from intranet.groups.models import Group
from intranet.kernel import audience
from intranet.kernel.audience import EVERYONE, Audience, AudienceKind
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import clean_line, fold, slugify
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import require_together

MOST_IN_GROUP = 30
"""More people than that are a room: it has a name that one can find again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDraft:
    """What somebody wants to open; with ``group_id`` it belongs to a group."""

    name: str
    topic: str = ""
    is_public: bool = True
    group_id: int | None = None
    people: Sequence[str] = ()


def start_conversation(session: Session, viewer: Viewer, usernames: Sequence[str]) -> Conversation:
    """Write to one colleague (the same conversation each time) or to a few (a new one).

    Raises:
        Invalid: nobody else is named, too many are, or a name is nobody's.
        Refused: one of the two blocks the other.
    """
    require(ChatPermission.START, viewer)
    others = [person.id for person in colleagues(session, usernames) if person.id != viewer.id]
    if not others:
        raise Invalid({"people": str(_("Name at least one colleague."))})
    if len(others) == 1:
        return _direct(session, viewer, others[0])
    if len(others) >= MOST_IN_GROUP:
        raise Invalid({"people": str(_("With more than %(count)s people open a room.", count=MOST_IN_GROUP))})
    return _begin(session, viewer, Conversation(kind=ConversationKind.GROUP), others)


def _direct(session: Session, viewer: Viewer, other: int) -> Conversation:
    low, high = sorted((viewer.member_id, other))
    pair = f"{low}:{high}"
    found = session.scalar(select(Conversation).where(Conversation.pair == pair))
    if found is None:
        require_together(session, viewer, other)
    return found or _begin(session, viewer, Conversation(kind=ConversationKind.DIRECT, pair=pair), [other])


def open_room(session: Session, viewer: Viewer, draft: RoomDraft) -> Conversation:
    """Open a room, which the viewer keeps.

    Raises:
        Invalid: the name or the topic line cannot be taken, or a public room is called so already.
        NotFound: the group is hidden from the viewer.
        Refused: the viewer is not in the group.
    """
    require(ChatPermission.START, viewer)
    name, topic = checked_name(draft.name), checked_topic(draft.topic)
    if draft.is_public:
        refuse_taken(session, name)
    if draft.group_id is not None:
        if not draft.is_public:
            raise Invalid({"private": str(_("A room of a group is open to its group."))})
        _require_group(session, viewer, draft.group_id)
    others = [person.id for person in colleagues(session, draft.people) if person.id != viewer.id]
    room = Conversation(
        kind=ConversationKind.ROOM,
        is_public=draft.is_public,
        group_id=draft.group_id,
        name=name,
        folded_name=fold(name)[:LONGEST_NAME],
        topic=topic,
    )
    return _begin(session, viewer, room, others)


def _begin(session: Session, viewer: Viewer, conversation: Conversation, others: Sequence[int]) -> Conversation:
    is_open = conversation.is_public and conversation.group_id is None
    readers = Audience(kind=AudienceKind.CONVERSATION, readable_by_all=is_open)
    session.add(readers)
    session.flush()
    conversation.id = readers.id
    # A public room is known to all, or to whoever reads its group; anything else to those who are in it.
    conversation.audience_id = (conversation.group_id or EVERYONE) if conversation.is_public else readers.id
    conversation.member_count = conversation.last_position = 0
    session.add(conversation)
    session.flush()
    is_room = conversation.kind is ConversationKind.ROOM
    take_in(session, conversation, viewer.member_id, role=ChatRole.OWNER if is_room else ChatRole.MEMBER)
    for person_id in others:
        take_in(session, conversation, person_id)
    record(session, ConversationStarted(conversation.id, viewer.id, conversation.id))
    return conversation


def _require_group(session: Session, viewer: Viewer, group_id: int) -> None:
    if session.get(Group, group_id) is None:
        raise NotFound
    if not audience.is_member(session, group_id, viewer.member_id):
        raise Refused(str(_("Join the group first.")))


def checked_name(name: str) -> str:
    """A room's name on one line.

    Raises:
        Invalid: it has no letter or number, or is too long.
    """
    name = clean_line(name).lstrip("#").strip()
    if not slugify(name):
        raise Invalid({"room": str(_("Give the room a name."))})
    if len(name) > LONGEST_NAME:
        raise Invalid({"room": str(_("At most %(count)s characters.", count=LONGEST_NAME))})
    return name


def checked_topic(topic: str) -> str:
    """What a room is about, on one line.

    Raises:
        Invalid: it is too long.
    """
    topic = clean_line(topic)
    if len(topic) > LONGEST_TOPIC:
        raise Invalid({"topic": str(_("At most %(count)s characters.", count=LONGEST_TOPIC))})
    return topic


def refuse_taken(session: Session, name: str, *, but: int | None = None) -> None:
    """Public rooms are told apart by their names; private ones stand in nobody's way.

    Raises:
        Invalid: a public room that the viewer may know of is called so.
    """
    called = select(Conversation.id).where(
        Conversation.kind == ConversationKind.ROOM,
        Conversation.folded_name == fold(name)[:LONGEST_NAME],
        Conversation.is_public,
        Conversation.id != (but or 0),
    )
    if session.scalar(called.limit(1)) is not None:
        raise Invalid({"room": str(_("There is a room called that already."))})
