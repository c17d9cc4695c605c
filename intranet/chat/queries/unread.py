"""What is unread, by definition: what others said after one's pointer, is not deleted and is shown in the conversation.

Nothing is counted up or down anywhere; each count is read from the pointer and the messages themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from intranet.chat.cards import Place
from intranet.chat.models import ChatMember, Conversation, Message, MessageMention, ThreadFollow
from intranet.kernel import clock
from intranet.kernel.prepared import Prepared
from intranet.kernel.together import NOW, READER
from intranet.kernel.viewer import Viewer

_MOST_THREADS = 50


@dataclass(frozen=True, slots=True)
class Unread:
    """What waits for somebody in one conversation."""

    count: int
    mentions: int


def _is_new(person_id: int) -> "ColumnElement[bool]":
    """The definition, for a message beside the membership of its conversation."""
    return and_(
        Message.conversation_id == ChatMember.conversation_id,
        Message.position > ChatMember.read_position,
        Message.author_id != person_id,
        Message.deleted_at.is_(None),
        Message.is_shown,
    )


def _has_more(person_id: int) -> "ColumnElement[bool]":
    """Only conversations in which anything at all was said after the pointer are looked into."""
    return and_(ChatMember.person_id == person_id, ChatMember.read_position < Conversation.last_position)


def unread_of(session: Session, viewer: Viewer, ids: Iterable[int] | None = None) -> dict[int, Unread]:
    """What waits for the viewer, by conversation; conversations without anything new are left out. Two statements."""
    me = viewer.member_id
    wanted = None if ids is None else set(ids)
    counted = (
        select(ChatMember.conversation_id, func.count(Message.id))
        .join(Conversation, Conversation.id == ChatMember.conversation_id)
        .join(Message, _is_new(me))
        .where(_has_more(me))
        .group_by(ChatMember.conversation_id)
    )
    named = (
        select(ChatMember.conversation_id, func.count(Message.id))
        .join(Conversation, Conversation.id == ChatMember.conversation_id)
        .join(
            MessageMention,
            and_(
                MessageMention.person_id == me,
                MessageMention.conversation_id == ChatMember.conversation_id,
                MessageMention.position > ChatMember.read_position,
            ),
        )
        .join(Message, and_(Message.id == MessageMention.message_id, _is_new(me)))
        .where(_has_more(me))
        .group_by(ChatMember.conversation_id)
    )
    if wanted is not None:
        counted = counted.where(ChatMember.conversation_id.in_(wanted))
        named = named.where(ChatMember.conversation_id.in_(wanted))
    mentions = {row[0]: row[1] for row in session.execute(named)}
    return {row[0]: Unread(row[1], mentions.get(row[0], 0)) for row in session.execute(counted)}


def unseen_by(session: Session, message: Message, people: Iterable[int]) -> set[int]:
    """Those of these people, all in its conversation, who have not read as far as a message. One statement.

    What stands in the conversation is read by its pointer; what stands in a thread alone by that of the thread.
    """
    wanted = set(people)
    if message.is_shown:
        pointer = select(ChatMember.person_id).where(ChatMember.conversation_id == message.conversation_id)
        read = pointer.where(ChatMember.person_id.in_(wanted), ChatMember.read_position >= message.position)
    else:
        thread = select(ThreadFollow.person_id).where(ThreadFollow.root_id == message.root_id)
        read = thread.where(ThreadFollow.person_id.in_(wanted), ThreadFollow.read_position >= message.position)
    return wanted - set(session.scalars(read))


def unread_conversations(session: Session, viewer: Viewer) -> list[int]:
    """Conversations with something new that the viewer has not muted, for the badge. One statement."""
    return sorted(_unread().scalars(session, {"reader": viewer.member_id, "now": clock.now()}))


@cache
def _unread() -> Prepared:
    found = (
        select(ChatMember.conversation_id)
        .join(Conversation, Conversation.id == ChatMember.conversation_id)
        .where(
            _has_more(READER),
            or_(ChatMember.muted_until.is_(None), ChatMember.muted_until <= NOW),
            exists(select(Message.id).where(_is_new(READER)).correlate(ChatMember)),
        )
    )
    return Prepared(found)


def muted_conversations(session: Session, viewer: Viewer) -> list[int]:
    """Conversations that make no noise for the viewer now."""
    muted = select(ChatMember.conversation_id).where(
        ChatMember.person_id == viewer.member_id, ChatMember.muted_until > clock.now()
    )
    return sorted(session.scalars(muted))


def places(session: Session, viewer: Viewer, ids: Iterable[int]) -> dict[int, Place]:
    """The viewer's own place in each of the conversations they are in, with what is new there. Three statements."""
    wanted = set(ids)
    if viewer.id is None or not wanted:
        return {}
    mine = select(ChatMember).where(ChatMember.person_id == viewer.id, ChatMember.conversation_id.in_(wanted))
    new = unread_of(session, viewer, wanted)
    nothing = Unread(0, 0)
    return {
        row.conversation_id: Place(
            row.role,
            row.read_position,
            row.muted_until,
            unread=new.get(row.conversation_id, nothing).count,
            mentions=new.get(row.conversation_id, nothing).mentions,
        )
        for row in session.scalars(mine)
    }


def first_unread(session: Session, viewer: Viewer, conversation_id: int) -> int | None:
    """The first message that is new for the viewer; None where nothing is."""
    found = (
        select(Message.id)
        .join(ChatMember, _is_new(viewer.member_id))
        .where(ChatMember.person_id == viewer.member_id, ChatMember.conversation_id == conversation_id)
    )
    return session.scalar(found.order_by(Message.position).limit(1))


def _new_reply(person_id: int) -> "ColumnElement[bool]":
    return and_(
        Message.root_id == ThreadFollow.root_id,
        Message.position > ThreadFollow.read_position,
        Message.author_id != person_id,
        Message.deleted_at.is_(None),
    )


def _followed(person_id: int) -> "ColumnElement[bool]":
    """Threads that somebody follows in conversations that they are still in."""
    inside = select(ChatMember.conversation_id).where(ChatMember.person_id == person_id)
    return and_(
        ThreadFollow.person_id == person_id,
        ThreadFollow.is_on,
        ThreadFollow.root_id.in_(select(Message.id).where(Message.conversation_id.in_(inside))),
    )


def thread_unread_count(session: Session, viewer: Viewer) -> int:
    """How many threads that the viewer follows have new replies."""
    me = viewer.member_id
    new = exists(select(Message.id).where(_new_reply(me)).correlate(ThreadFollow))
    return session.scalar(select(func.count()).select_from(ThreadFollow).where(_followed(me), new)) or 0


def followed_threads(session: Session, viewer: Viewer) -> list[tuple[int, int]]:
    """Threads that the viewer follows with the number of new replies, the latest spoken in first: (root id, new)."""
    me = viewer.member_id
    # Counts only rows where the outer join found a new reply.
    new = select(func.count(Message.id)).where(_new_reply(me)).correlate(ThreadFollow).scalar_subquery().label("new")
    last = select(func.max(Message.id)).where(Message.root_id == ThreadFollow.root_id).correlate(ThreadFollow)
    found = select(ThreadFollow.root_id, new).where(_followed(me))
    ordered = found.order_by(last.scalar_subquery().desc().nulls_last(), ThreadFollow.root_id.desc())
    return [(row[0], row[1]) for row in session.execute(ordered.limit(_MOST_THREADS))]
