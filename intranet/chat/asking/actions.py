"""Asking a message's author whether its words may leave the conversation, and answering."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.asking.models import Answer, SharingRequest, Wish
from intranet.chat.events import SharingAnswered, SharingAsked
from intranet.chat.finding import find_conversation, find_message, membership_of
from intranet.chat.models import Message
from intranet.chat.policy import ChatPermission
from intranet.kernel import audience, clock
from intranet.kernel.errors import NotFound, Refused
from intranet.kernel.ids import new_id
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import require_together


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whether somebody may take a message's words outside, and its files with them."""

    is_allowed: bool
    with_files: bool = False


def sharing_of(session: Session, viewer: Viewer, message: Message) -> Sharing:
    """One's own words, what everybody may read, and what its author agreed to; files go with the first and last."""
    if message.author_id == viewer.id:
        return Sharing(is_allowed=True, with_files=True)
    asked = request_of(session, viewer, message.id)
    has_agreed = asked is not None and asked.answer is Answer.AGREED
    is_open = bool(audience.open_ids(session, [message.audience_id]))
    return Sharing(is_open or has_agreed, with_files=has_agreed and asked is not None and asked.with_files)


def request_of(session: Session, viewer: Viewer, message_id: int) -> SharingRequest | None:
    """What the viewer asked about a message."""
    asked = (SharingRequest.message_id == message_id, SharingRequest.requester_id == viewer.member_id)
    return session.scalar(select(SharingRequest).where(*asked))


def ask_author(session: Session, viewer: Viewer, message_id: int, wish: Wish) -> SharingRequest:
    """Ask, once: a second time gives what was asked and answered, unless it was not answered in time.

    Raises:
        NotFound: the viewer may not read the message.
        Refused: they are not in its conversation, it is theirs, or its author has left or keeps apart.
    """
    message = find_message(session, message_id)
    membership = membership_of(session, message.conversation_id, viewer.id)
    require(ChatPermission.ASK, viewer, message, membership)
    before = request_of(session, viewer, message.id)
    if before is not None and not before.has_lapsed:
        return before
    author = session.get(Person, message.author_id)
    if author is None or author.deactivated_at is not None:
        raise Refused(str(_("Who has left cannot be asked.")))
    if membership_of(session, message.conversation_id, message.author_id) is None:
        raise Refused(str(_("Who is no longer in the conversation cannot be asked here.")))
    require_together(session, viewer, message.author_id)
    if before is not None:
        session.delete(before)
        session.flush()
    asked = SharingRequest(
        id=new_id(),
        audience_id=message.audience_id,
        message_id=message.id,
        requester_id=viewer.member_id,
        author_id=message.author_id,
        wish=wish,
        answer=Answer.WAITING,
    )
    session.add(asked)
    session.flush()
    record(session, SharingAsked(asked.id, message.id, message.conversation_id, viewer.member_id, message.author_id))
    return asked


def answer_request(
    session: Session, viewer: Viewer, request_id: int, *, agrees: bool, with_files: bool = False
) -> SharingRequest:
    """Say yes or no; the last word counts.

    Raises:
        NotFound: nobody asked this viewer, or the message is gone, or not theirs to read any more.
        Refused: they are no longer in the conversation, or it was asked too long ago.
    """
    asked = session.get(SharingRequest, request_id)
    if asked is None or asked.author_id != viewer.id:
        raise NotFound
    if asked.has_lapsed:
        raise Refused(str(_("That was asked more than two weeks ago, and is not asked any more.")))
    message = find_message(session, asked.message_id)
    membership = membership_of(session, find_conversation(session, message.conversation_id).id, viewer.id)
    require(ChatPermission.ANSWER, viewer, message, membership)
    asked.answer = Answer.AGREED if agrees else Answer.DECLINED
    asked.with_files, asked.answered_at = agrees and with_files, clock.now()
    record(
        session, SharingAnswered(asked.id, message.id, message.conversation_id, viewer.member_id, asked.requester_id)
    )
    return asked
