"""One conversation or message, and the viewer's place in it. Hidden and missing are the same."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.models import ChatMember, Conversation, Message
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer


def find_conversation(session: Session, conversation_id: int) -> Conversation:
    """The conversation.

    Raises:
        NotFound: there is none that this session's viewer may know of.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound
    return conversation


def membership_of(session: Session, conversation_id: int, person_id: int | None) -> ChatMember | None:
    """Somebody's place in a conversation, as far as the session's viewer may know it."""
    return session.get(ChatMember, (conversation_id, person_id)) if person_id is not None else None


def own_place(session: Session, viewer: Viewer, conversation_id: int) -> tuple[Conversation, ChatMember]:
    """A conversation that the viewer is in.

    Raises:
        NotFound: they are not, or there is none.
    """
    conversation = find_conversation(session, conversation_id)
    membership = membership_of(session, conversation_id, viewer.id)
    if membership is None:
        raise NotFound
    return conversation, membership


def find_message(session: Session, message_id: int) -> Message:
    """The message.

    Raises:
        NotFound: there is none that this session's viewer may read, or it is deleted.
    """
    message = session.get(Message, message_id)
    if message is None or message.deleted_at is not None:
        raise NotFound
    return message


def find_deleted(session: Session, message_id: int) -> Message:
    """A message that was deleted and can still be brought back.

    Raises:
        NotFound: it is not there, not deleted, or its words are erased already.
    """
    message = session.get(Message, message_id)
    if message is None or message.deleted_at is None or message.is_erased:
        raise NotFound
    return message


def member_ids_of(session: Session, conversation_id: int) -> list[int]:
    """Who is in a conversation, the earliest first."""
    inside = select(ChatMember.person_id).where(ChatMember.conversation_id == conversation_id)
    return list(session.scalars(inside.order_by(ChatMember.joined_at, ChatMember.person_id)))
