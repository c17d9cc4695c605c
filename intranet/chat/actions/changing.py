"""Editing, deleting and bringing back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.chat.actions.writing import mention, named_members, write
from intranet.chat.events import MessageDeleted, MessageEdited
from intranet.chat.finding import find_deleted, find_message, membership_of
from intranet.chat.following import follow_later
from intranet.chat.links.actions import link_up
from intranet.chat.models import Message, MessageBookmark, MessageFile, MessageMention, MessageReaction
from intranet.chat.policy import ChatPermission
from intranet.files.actions import discard, reopen, withdraw
from intranet.kernel import clock, jobs
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer

UNDO = timedelta(hours=1)


def edit_message(session: Session, viewer: Viewer, message_id: int, text: str) -> Message:
    """Say something else; the message is marked as edited. An edit calls nobody anew.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's, or the viewer is no longer in the conversation.
        Invalid: there is nothing to say, or too much.
    """
    message = find_message(session, message_id)
    require(ChatPermission.EDIT, viewer, message, membership_of(session, message.conversation_id, viewer.id))
    written = write(session, text, may_be_empty=bool(file_ids(session, message.id) or message.forwarded_id))
    if written.text == message.text:
        return message
    before = message.html
    message.text, message.html, message.edited_at = written.text, written.html, clock.now()
    link_up(session, message, before=before)
    _name_again(session, message, written.people)
    follow_later(session, message.id)
    record(session, MessageEdited(message.id, message.audience_id, message.author_id))
    return message


def _name_again(session: Session, message: Message, people: tuple[int, ...]) -> None:
    named = set(named_members(session, message.conversation_id, people, but=message.author_id))
    if message.calls is None:
        gone = (MessageMention.message_id == message.id, MessageMention.person_id.not_in(named))
        session.execute(delete(MessageMention).where(*gone))
    there = set(session.scalars(select(MessageMention.person_id).where(MessageMention.message_id == message.id)))
    mention(session, message, sorted(named - there))


def delete_message(session: Session, viewer: Viewer, message_id: int) -> Message:
    """Take it away for everybody; for an hour whoever did so can bring it back, then its words are erased.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's, and the viewer does not own the room.
    """
    message = find_message(session, message_id)
    require(ChatPermission.DELETE, viewer, message, membership_of(session, message.conversation_id, viewer.id))
    _take_away(session, viewer, message)
    jobs.later(session, "chat.erase", {"message_id": message.id}, at=clock.now() + UNDO)
    return message


def _take_away(session: Session, viewer: Viewer, message: Message) -> None:
    message.deleted_at, message.deleted_by_id, message.pinned_at = clock.now(), viewer.id, None
    session.execute(delete(MessageMention).where(MessageMention.message_id == message.id))
    withdraw(session, viewer, file_ids(session, message.id))
    follow_later(session, message.id)
    record(session, MessageDeleted(message.id, message.audience_id, message.author_id))


def restore_message(session: Session, viewer: Viewer, message_id: int) -> Message:
    """Undo a deletion; it names whom it names in words, and calls nobody again.

    Raises:
        NotFound: it is not there for this viewer, or its words are erased already.
        Refused: somebody else deleted it.
    """
    message = find_deleted(session, message_id)
    require(ChatPermission.RESTORE, viewer, message, membership_of(session, message.conversation_id, viewer.id))
    _bring_back(session, message)
    return message


def _bring_back(session: Session, message: Message) -> None:
    message.deleted_at = message.deleted_by_id = None
    session.flush()
    reopen(session, file_ids(session, message.id), audience_id=message.audience_id)
    written = write(session, message.text, may_be_empty=True)
    mention(session, message, named_members(session, message.conversation_id, written.people, but=message.author_id))
    follow_later(session, message.id)
    record(session, MessageEdited(message.id, message.audience_id, message.author_id))


def withhold_message(session: Session, viewer: Viewer, message_id: int, *, is_undone: bool) -> None:
    """Hide a message from everybody as moderators decided, or give it back; nothing where it is so already. What is
    hidden has nobody's name on it: no undo of a member's brings it back, and its words wait."""
    message = session.get(Message, message_id)
    is_hidden = message is not None and message.deleted_at is not None and message.deleted_by_id is None
    if message is None or message.is_erased or is_undone is not is_hidden:
        return
    if is_undone:
        _bring_back(session, message)
    elif message.deleted_at is None:
        _take_away(session, viewer, message)


def file_ids(session: Session, message_id: int) -> list[int]:
    """What hangs on a message."""
    hanging = select(MessageFile.file_id).where(MessageFile.message_id == message_id)
    return list(session.scalars(hanging.order_by(MessageFile.place)))


@jobs.job("chat.erase")
def erase(session: Session, payload: dict[str, Any]) -> None:
    """Remove the words, marks and files of what is still deleted; its place in the order stays."""
    message = session.get(Message, int(payload["message_id"]))
    if message is None or message.deleted_at is None or message.deleted_at > clock.now() - UNDO:
        return  # brought back; and if it was deleted once more, that deletion has a job of its own
    message.text = message.html = ""
    message.is_erased = True
    message.link_card = message.link_picture = None
    files = file_ids(session, message.id)
    for table in (MessageFile, MessageReaction, MessageBookmark, MessageMention):
        session.execute(delete(table).where(table.message_id == message.id))
    discard(session, files)
    follow_later(session, message.id)
