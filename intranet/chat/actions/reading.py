"""The read pointer: one for each person and conversation, and one for each thread that somebody follows."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from intranet.chat.finding import own_place
from intranet.chat.models import ChatChoices, ChatMember, Message, ThreadFollow
from intranet.kernel.errors import NotFound
from intranet.kernel.viewer import Viewer

Heed = Callable[[Session, Viewer, int], None]
_heeding: list[Heed] = []


def on_reading(heed: Heed) -> None:
    """Have ``heed(session, viewer, conversation_id)`` follow whenever somebody reads on; a feature says so at start."""
    if heed not in _heeding:
        _heeding.append(heed)


def _heed(session: Session, viewer: Viewer, conversation_id: int) -> None:
    session.flush()
    for heed in _heeding:
        heed(session, viewer, conversation_id)


def mark_read(session: Session, viewer: Viewer, message_id: int) -> ChatMember:
    """Everything up to a message is read; the pointer never goes back by this.

    Raises:
        NotFound: it is not there, or the viewer is not in its conversation.
    """
    message = _said(session, message_id)
    _conversation, membership = own_place(session, viewer, message.conversation_id)
    if message.position > membership.read_position:
        membership.read_position = message.position
        _heed(session, viewer, message.conversation_id)
    return membership


def mark_unread(session: Session, viewer: Viewer, message_id: int) -> ChatMember:
    """A message and what follows it is new again.

    Raises:
        NotFound: it is not there, or the viewer is not in its conversation.
    """
    message = _said(session, message_id)
    _conversation, membership = own_place(session, viewer, message.conversation_id)
    membership.read_position = min(membership.read_position, message.position - 1)
    return membership


def mark_thread_read(session: Session, viewer: Viewer, message_id: int) -> None:
    """A thread is read up to one of its replies, if the viewer follows it.

    Raises:
        NotFound: it is not there for this viewer.
    """
    message = _said(session, message_id)
    row = session.get(ThreadFollow, (message.root_id or message.id, viewer.member_id))
    if row is not None and message.position > row.read_position:
        row.read_position = message.position
        _heed(session, viewer, message.conversation_id)


def mute(session: Session, viewer: Viewer, conversation_id: int, until: datetime | None) -> ChatMember:
    """No badge and no notice from a conversation until a time; None ends that.

    Raises:
        NotFound: the viewer is not in it.
    """
    _conversation, membership = own_place(session, viewer, conversation_id)
    membership.muted_until = until
    return membership


def choose(session: Session, viewer: Viewer, *, shows_reading: bool, shows_typing: bool) -> None:
    """Whether others see how far one has read, and that one is writing."""
    choices = session.get(ChatChoices, viewer.member_id)
    if choices is None:
        choices = ChatChoices(person_id=viewer.member_id)
        session.add(choices)
    choices.shows_reading, choices.shows_typing = shows_reading, shows_typing


def _said(session: Session, message_id: int) -> Message:
    """A message, deleted or not: its place in the order stays."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound
    return message
