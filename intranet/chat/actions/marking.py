"""Reactions, pins, bookmarks and followed threads. Each says what shall be, so that a repetition changes nothing."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from intranet.chat.events import MessagePinned, MessageReacted
from intranet.chat.finding import find_conversation, find_message, membership_of
from intranet.chat.models import Message, MessageBookmark, MessageReaction, ThreadFollow
from intranet.chat.policy import ChatPermission
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Viewer

MOST_PINNED = 50


def _marked(session: Session, viewer: Viewer, message_id: int) -> Message:
    message = find_message(session, message_id)
    conversation = find_conversation(session, message.conversation_id)
    require(ChatPermission.MARK, viewer, conversation, membership_of(session, conversation.id, viewer.id))
    return message


def react(session: Session, viewer: Viewer, message_id: int, kind: ReactionKind, *, is_on: bool) -> None:
    """React to a message, or take the reaction back.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer is not in the conversation.
    """
    message = _marked(session, viewer, message_id)
    mine = session.get(MessageReaction, (message.id, viewer.member_id, kind))
    if (mine is not None) == is_on:
        return
    if mine is not None:
        session.delete(mine)
    else:
        new = {"message_id": message.id, "person_id": viewer.member_id, "kind": kind}
        session.add(MessageReaction(**new, audience_id=message.audience_id))
    record(session, MessageReacted(message.id, message.audience_id, viewer.member_id))


def pin(session: Session, viewer: Viewer, message_id: int, *, is_on: bool) -> None:
    """Keep a message in sight in its conversation, or let it go with the others.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer is not in the conversation.
        Invalid: too many are pinned already.
    """
    message = _marked(session, viewer, message_id)
    if (message.pinned_at is not None) == is_on:
        return
    pinned = select(func.count()).select_from(Message)
    here = (Message.conversation_id == message.conversation_id, Message.pinned_at.is_not(None))
    if is_on and (session.scalar(pinned.where(*here)) or 0) >= MOST_PINNED:
        raise Invalid({"pin": str(_("At most %(count)s. Unpin one first.", count=MOST_PINNED))})
    message.pinned_at = clock.now() if is_on else None
    record(session, MessagePinned(message.id, message.audience_id, viewer.id))


def bookmark(session: Session, viewer: Viewer, message_id: int, *, is_on: bool) -> None:
    """Keep a message to find again, or let it go.

    Raises:
        NotFound: it is not there for this viewer.
    """
    message = find_message(session, message_id)
    mine = (MessageBookmark.person_id == viewer.member_id, MessageBookmark.message_id == message.id)
    if not is_on:
        session.execute(delete(MessageBookmark).where(*mine))
    elif session.scalar(select(MessageBookmark.id).where(*mine)) is None:
        session.add(MessageBookmark(person_id=viewer.member_id, message_id=message.id))


def follow_thread(session: Session, viewer: Viewer, message_id: int, *, is_on: bool) -> None:
    """Hear of new replies in a thread, or no longer.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer is not in the conversation.
    """
    message = _marked(session, viewer, message_id)
    root_id = message.root_id or message.id
    row = session.get(ThreadFollow, (root_id, viewer.member_id))
    if row is not None:
        row.is_on = is_on
    else:
        last = select(func.max(Message.position)).where(Message.root_id == root_id)
        read = session.scalar(last) or message.position
        new = {"root_id": root_id, "person_id": viewer.member_id, "is_on": is_on, "read_position": read}
        session.add(ThreadFollow(**new))
