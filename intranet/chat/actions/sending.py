"""Saying something: once for each nonce, with the next place in the order, acknowledged after the commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.actions.belonging import locked
from intranet.chat.actions.drafting import draft_exists, drop_draft
from intranet.chat.actions.threads import follow_all, thread_of
from intranet.chat.actions.writing import CALLED_WITHOUT_ASKING, Written, called_members, mention, named_members, write
from intranet.chat.events import MessageSent, PeopleAddressed
from intranet.chat.links.actions import link_up
from intranet.chat.models import LONGEST_NONCE, ChatMember, Conversation, ConversationKind, Message, MessageFile
from intranet.chat.policy import ChatPermission
from intranet.files.actions import MOST_FILES, hand_over
from intranet.kernel import clock
from intranet.kernel.db import KEPT
from intranet.kernel.errors import Invalid, NotFound, Refused, TooFast
from intranet.kernel.ids import first_id_of, new_id
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.prepared import Prepared
from intranet.kernel.viewer import Viewer
from intranet.people.apart.actions import require_together

# More than anybody types, less than a script gone wild.
_MOST, _PER = 100, timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDraft:
    """What to say. A reply names its thread's ``root_id`` and stands in the conversation too with ``is_shown``.

    ``is_confirmed`` says that the sender knows how many an ``@room`` calls.
    """

    text: str
    nonce: str
    root_id: int | None = None
    is_shown: bool = False
    files: Sequence[int] = ()
    is_confirmed: bool = False
    forwarded_id: int | None = None


def send_message(session: Session, viewer: Viewer, conversation_id: int, draft: MessageDraft) -> Message:
    """Say something; a nonce that was used already gives what was said with it.

    Raises:
        NotFound: the viewer may not know of the conversation, or the thread is not there.
        Refused: they are not in it, it is archived, or the other of two has left or keeps apart.
        Invalid: there is nothing to say, too much, or it calls many people unconfirmed.
        TooFast: the viewer said more than anybody types.
    """
    if not 0 < len(draft.nonce) <= LONGEST_NONCE:
        raise Invalid({"nonce": f"1 to {LONGEST_NONCE} characters"})
    conversation = locked(session, conversation_id)
    seen = _look(session, viewer, conversation, draft)
    if seen.said_id is not None:
        before = session.get_one(Message, seen.said_id)
        if before.conversation_id != conversation.id:
            raise Invalid({"nonce": "it was used in another conversation"})
        return before
    membership = session.scalar(_PLACE, {"conversation_id": conversation.id, "me": viewer.member_id})
    require(ChatPermission.SEND, viewer, conversation, membership)
    if membership is None:
        raise NotFound
    if seen.lately >= _MOST:
        raise TooFast(_PER.total_seconds())
    _require_other(session, viewer, conversation)
    message, written = _say(session, viewer, conversation, draft)
    named = _call(session, message, written, is_confirmed=draft.is_confirmed)
    _hang(session, viewer, message, draft.files)
    link_up(session, message)
    _read_own(membership, message)
    if message.root_id is not None:
        follow_all(session, message, named)
    if seen.has_draft:
        drop_draft(session, viewer, conversation.id, draft.root_id or 0)
    record(session, MessageSent(message.id, conversation.id, viewer.member_id))
    if named or conversation.kind is not ConversationKind.ROOM:
        record(session, PeopleAddressed(message.id, conversation.id, viewer.member_id))
    return message


_me: Any = bindparam("me")
_lately = select(Message.id).where(Message.author_id == _me, Message.id >= bindparam("since")).limit(_MOST)
_PLACE = (
    select(ChatMember)
    .where(ChatMember.conversation_id == bindparam("conversation_id"), ChatMember.person_id == _me)
    .execution_options(**{KEPT: True})
)
_said = select(Message.id).where(Message.author_id == _me, Message.nonce == bindparam("nonce"))
_LOOK = Prepared(
    select(
        _said.scalar_subquery().label("said_id"),
        select(func.count()).select_from(_lately.subquery()).scalar_subquery().label("lately"),
        draft_exists(_me, bindparam("conversation_id"), bindparam("root_id")).label("has_draft"),
    )
)


def _look(session: Session, viewer: Viewer, conversation: Conversation, draft: MessageDraft) -> Any:
    """``said_id``: what was said with this nonce before; ``lately``: how much the sender said (counted from what was
    said, so that a message costs no second write); ``has_draft``: whether one waits. After the lock: before it, any of
    that may still change."""
    asked = {
        "conversation_id": conversation.id,
        "me": viewer.member_id,
        "nonce": draft.nonce,
        "root_id": draft.root_id or 0,
        "since": first_id_of(clock.now() - _PER),
    }
    return _LOOK.first(session, asked)


def _require_other(session: Session, viewer: Viewer, conversation: Conversation) -> None:
    if conversation.kind is not ConversationKind.DIRECT or conversation.pair is None:
        return
    other = next(int(one) for one in conversation.pair.split(":") if int(one) != viewer.id)
    person = session.get(Person, other)
    if person is None or person.deactivated_at is not None:
        raise Refused(str(_("Who has left gets no messages.")))
    require_together(session, viewer, other)


def _say(session: Session, viewer: Viewer, conversation: Conversation, draft: MessageDraft) -> tuple[Message, Written]:
    written = write(session, draft.text, may_be_empty=bool(draft.files or draft.forwarded_id))
    root = thread_of(session, conversation, draft.root_id) if draft.root_id is not None else None
    moment = clock.now()
    conversation.last_position += 1
    conversation.spoken_at = moment
    message = Message(
        id=new_id(),
        audience_id=conversation.id,
        conversation_id=conversation.id,
        position=conversation.last_position,
        author_id=viewer.member_id,
        nonce=draft.nonce,
        text=written.text,
        html=written.html,
        root_id=root.id if root else None,
        is_shown=root is None or draft.is_shown,
        calls=written.calls,
        forwarded_id=draft.forwarded_id,
        created_at=moment,
    )
    session.add(message)
    session.flush()
    return message, written


def _call(session: Session, message: Message, written: Written, *, is_confirmed: bool) -> list[int]:
    author = message.author_id
    people = set(named_members(session, message.conversation_id, written.people, but=author))
    if written.calls is not None:
        called = called_members(session, message.conversation_id, written.calls, but=author)
        if len(called) > CALLED_WITHOUT_ASKING and not is_confirmed:
            words = ngettext("This calls %(num)s person.", "This calls %(num)s people.", len(called))
            raise Invalid({"confirm": words})
        people.update(called)
    mention(session, message, sorted(people))
    return sorted(people)


def _hang(session: Session, viewer: Viewer, message: Message, files: Iterable[int]) -> None:
    ids = tuple(files)
    if len(ids) > MOST_FILES:
        raise Invalid({"files": str(_("At most %(count)s files.", count=MOST_FILES))})
    hand_over(session, viewer, ids, audience_id=message.audience_id)
    session.add_all(
        MessageFile(message_id=message.id, file_id=file_id, place=place, audience_id=message.audience_id)
        for place, file_id in enumerate(ids)
    )


def _read_own(membership: ChatMember, message: Message) -> None:
    """Who has read everything has read their own words too; a late retry does not skip what came meanwhile."""
    if membership.read_position == message.position - 1:
        membership.read_position = message.position
