"""Coming into a conversation and leaving it. A membership, its audience's row and the count change together, here.

The conversation's row is locked first, as for sending: what somebody says while they are taken out is either before it
in the order or refused.
"""

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from intranet.chat.events import ConversationGone, ConversationJoined, ConversationLeft
from intranet.chat.finding import membership_of
from intranet.chat.models import ChatDraft, ChatMember, ChatRole, Conversation, ConversationKind, MessageMention
from intranet.chat.policy import ChatPermission
from intranet.kernel import audience
from intranet.kernel.db import KEPT
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.rooms import RoomsChanged
from intranet.kernel.viewer import Viewer

_LOCKED = (
    select(Conversation)
    .where(Conversation.id == bindparam("conversation_id"))
    .with_for_update()
    .execution_options(**{"populate_existing": True, KEPT: True})
)


def locked(session: Session, conversation_id: int) -> Conversation:
    """The conversation as it is now, and nobody else's to change before this transaction is over.

    Raises:
        NotFound: there is none that this session's viewer may know of.
    """
    conversation = session.scalar(_LOCKED, {"conversation_id": conversation_id})
    if conversation is None:
        raise NotFound
    return conversation


def take_in(
    session: Session, conversation: Conversation, person_id: int, *, role: ChatRole = ChatRole.MEMBER
) -> ChatMember | None:
    """Make somebody a member for whom everything so far counts as read; None where they are one already."""
    if membership_of(session, conversation.id, person_id) is not None:
        return None
    member = ChatMember(
        conversation_id=conversation.id,
        person_id=person_id,
        role=role,
        read_position=conversation.last_position,
        audience_id=conversation.audience_id,
    )
    session.add(member)
    audience.join(session, conversation.id, [person_id])
    conversation.member_count += 1
    session.flush()
    record(session, RoomsChanged(person_id))
    return member


def take_out(session: Session, conversation: Conversation, person_id: int, *, actor_id: int | None) -> None:
    """End a membership: nothing more of the conversation reaches the person, on pages that are open neither."""
    here = (ChatMember.conversation_id == conversation.id, ChatMember.person_id == person_id)
    session.execute(delete(ChatMember).where(*here))
    mine = (MessageMention.conversation_id == conversation.id, MessageMention.person_id == person_id)
    session.execute(delete(MessageMention).where(*mine))
    drafts = (ChatDraft.conversation_id == conversation.id, ChatDraft.person_id == person_id)
    session.execute(delete(ChatDraft).where(*drafts))
    conversation.member_count -= 1
    _find_an_owner(session, conversation)
    # The audience goes last: with it what is guarded by it is out of this session's sight.
    session.flush()
    audience.leave(session, conversation.id, [person_id])
    record(session, RoomsChanged(person_id))
    record(session, ConversationGone(conversation.id, person_id))
    record(session, ConversationLeft(conversation.id, person_id, actor_id, conversation.id))


def _find_an_owner(session: Session, conversation: Conversation) -> None:
    """A room whose last owner left is kept by who has been in it longest."""
    inside = select(ChatMember).where(ChatMember.conversation_id == conversation.id)
    owners = select(func.count()).select_from(inside.where(ChatMember.role == ChatRole.OWNER).subquery())
    if conversation.kind is not ConversationKind.ROOM or session.scalar(owners):
        return
    eldest = session.scalar(inside.order_by(ChatMember.joined_at, ChatMember.person_id).limit(1))
    if eldest is not None:
        eldest.role = ChatRole.OWNER


def join_room(session: Session, viewer: Viewer, conversation_id: int) -> None:
    """Come into a public room; who is in it stays.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: it is private, archived, or its group's members alone join it.
    """
    room = locked(session, conversation_id)
    membership = membership_of(session, room.id, viewer.id)
    if membership is not None:
        return
    require(ChatPermission.JOIN, viewer, room, membership)
    if room.group_id is not None and not audience.is_member(session, room.group_id, viewer.member_id):
        raise Refused(str(_("Join its group first.")))
    take_in(session, room, viewer.member_id)
    record(session, ConversationJoined(room.id, viewer.member_id, viewer.id, room.id))


def leave(session: Session, viewer: Viewer, conversation_id: int) -> None:
    """Leave a room or a group conversation.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: they are not in it, or it is a conversation of two.
    """
    conversation = locked(session, conversation_id)
    require(ChatPermission.LEAVE, viewer, conversation, membership_of(session, conversation.id, viewer.id))
    take_out(session, conversation, viewer.member_id, actor_id=viewer.id)


def remove_member(session: Session, viewer: Viewer, conversation_id: int, person_id: int) -> None:
    """Take somebody out of a room.

    Raises:
        NotFound: the viewer may not know of it, or the person is not in it.
        Refused: the viewer is none of its owners.
    """
    conversation = locked(session, conversation_id)
    require(ChatPermission.KEEP, viewer, conversation, membership_of(session, conversation.id, viewer.id))
    if membership_of(session, conversation.id, person_id) is None:
        raise NotFound
    take_out(session, conversation, person_id, actor_id=viewer.id)


def leave_rooms_of_group(session: Session, group_id: int, person_id: int, actor_id: int | None) -> None:
    """Whoever leaves a group leaves its rooms with it, in the same transaction."""
    inside = select(ChatMember.conversation_id).where(ChatMember.person_id == person_id)
    rooms = select(Conversation.id).where(Conversation.group_id == group_id, Conversation.id.in_(inside))
    for room_id in session.scalars(rooms).all():
        take_out(session, locked(session, room_id), person_id, actor_id=actor_id)


def set_role(session: Session, viewer: Viewer, conversation_id: int, person_id: int, role: ChatRole) -> None:
    """Make a member an owner, or an owner a member; one owner stays.

    Raises:
        NotFound: the viewer may not know of it, or the person is not in it.
        Refused: the viewer is none of its owners, or it would have none.
    """
    room = locked(session, conversation_id)
    require(ChatPermission.KEEP, viewer, room, membership_of(session, room.id, viewer.id))
    membership = membership_of(session, room.id, person_id)
    if membership is None:
        raise NotFound
    if role is ChatRole.MEMBER and membership.role is ChatRole.OWNER:
        owners = (ChatMember.conversation_id == room.id, ChatMember.role == ChatRole.OWNER)
        if session.scalar(select(func.count()).select_from(ChatMember).where(*owners)) == 1:
            raise Refused(str(_("A room needs an owner.")))
    membership.role = role
