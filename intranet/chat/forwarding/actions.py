"""Passing a message on, never without saying who would read it that could not; and following what becomes of it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.actions.changing import file_ids
from intranet.chat.actions.sending import MessageDraft, send_message
from intranet.chat.events import MessageEdited
from intranet.chat.finding import find_message, member_ids_of, own_place
from intranet.chat.following import FOLLOW
from intranet.chat.forwarding.models import ForwardedWords
from intranet.chat.models import Message
from intranet.files.actions import copy_to_shelf, discard, reopen, withdraw
from intranet.kernel import audience, jobs
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.viewer import Viewer, system


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardDraft:
    """Where a message is passed on to, with which words of one's own. ``is_confirmed`` says that the sender knows who
    will read it that could not."""

    conversation_id: int
    text: str
    nonce: str
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who would read a message that could not where it was said: ``people`` who are in the conversation, and everybody
    else of the company where everybody may read it."""

    people: tuple[int, ...] = ()
    is_everybody: bool = False

    def __bool__(self) -> bool:
        return bool(self.people) or self.is_everybody


def exposure(session: Session, viewer: Viewer, message: Message, conversation_id: int) -> Exposure:
    """Whom passing a message on to a conversation of the viewer's would show it to.

    Raises:
        NotFound: the viewer is not in that conversation.
    """
    conversation, _membership = own_place(session, viewer, conversation_id)
    if conversation.id == message.conversation_id or audience.open_ids(session, [message.audience_id]):
        return Exposure()
    inside = member_ids_of(session, conversation.id)
    readers = set(audience.readers_among(session, message.audience_id, inside))
    return Exposure(
        tuple(one for one in inside if one not in readers), bool(audience.open_ids(session, [conversation.id]))
    )


def forward_message(session: Session, viewer: Viewer, message_id: int, draft: ForwardDraft) -> Message:
    """Pass a message on, its files with it; of one that passes something on without a word, what it passes on.

    Raises:
        NotFound: the viewer may not read it, or is not in the other conversation.
        Refused: nothing more is said there, or the other of two keeps apart.
        Invalid: somebody would read it that could not, and the sender has not said yes to that.
    """
    message = find_message(session, message_id)
    exposed = exposure(session, viewer, message, draft.conversation_id)
    if exposed and not draft.is_confirmed:
        raise Invalid({"confirm": _who_would_read(exposed)})
    before = select(Message).where(Message.author_id == viewer.member_id, Message.nonce == draft.nonce)
    said = session.scalar(before)
    if said is not None:
        return said
    passed_on = session.get(ForwardedWords, message.id) if not message.text else None
    sent = send_message(
        session,
        viewer,
        draft.conversation_id,
        MessageDraft(
            text=draft.text,
            nonce=draft.nonce,
            files=copy_to_shelf(session, viewer, file_ids(session, message.id)),
            forwarded_id=passed_on.source_id if passed_on else message.id,
        ),
    )
    words = ForwardedWords(
        message_id=sent.id,
        audience_id=sent.audience_id,
        author_id=passed_on.author_id if passed_on else message.author_id,
        source_id=passed_on.source_id if passed_on else message.id,
        text=passed_on.text if passed_on else message.text,
        html=passed_on.html if passed_on else message.html,
    )
    session.add(words)
    return sent


def _who_would_read(exposed: Exposure) -> str:
    count = len(exposed.people)
    if exposed.is_everybody:
        words = ngettext(
            "%(num)s person there, and everybody else who may read that room, could not read this where it was said.",
            "%(num)s people there, and everybody else who may read that room, could not read this where it was said.",
            count,
        )
        return str(words)
    return str(
        ngettext(
            "%(num)s person there could not read this where it was said.",
            "%(num)s people there could not read this where it was said.",
            count,
        )
    )


@jobs.job(FOLLOW)
def follow_source(session: Session, payload: dict[str, Any]) -> None:
    """What was passed on says what its source says now, and nothing once that is gone."""
    source_id = int(payload["message_id"])
    source = session.get(Message, source_id)
    is_there = source is not None and source.deleted_at is None
    rows = session.scalars(select(ForwardedWords).where(ForwardedWords.source_id == source_id)).all()
    for row in rows:
        text, html = (source.text, source.html) if source is not None and is_there else ("", "")
        files = file_ids(session, row.message_id)
        if is_there:
            reopen(session, files, audience_id=row.audience_id)
        elif source is None or source.is_erased:
            discard(session, files)
        else:
            withdraw(session, system(reason="chat: what was passed on is gone"), files)
        forwarding = session.get_one(Message, row.message_id)
        row.text, row.html = text, html
        record(session, MessageEdited(row.message_id, row.audience_id, forwarding.author_id))
