"""Threads: what a reply hangs on, and who follows it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.actions.writing import named_members
from intranet.chat.finding import find_message
from intranet.chat.models import Conversation, Message, ThreadFollow
from intranet.kernel.errors import NotFound


def thread_of(session: Session, conversation: Conversation, message_id: int) -> Message:
    """The message that a thread hangs on; a reply to a reply stands beside it.

    Raises:
        NotFound: it is not there, deleted, or said elsewhere.
    """
    root = find_message(session, message_id)
    if root.root_id is not None:
        root = find_message(session, root.root_id)
    if root.conversation_id != conversation.id:
        raise NotFound
    return root


def follow_all(session: Session, reply: Message, named: Iterable[int]) -> None:
    """Who began a thread, who answers in it and whom it names follow it, unless they chose otherwise."""
    root = session.get_one(Message, reply.root_id)
    began = named_members(session, root.conversation_id, [root.author_id], but=reply.author_id)
    wanted = {*named, *began, reply.author_id}
    rows = select(ThreadFollow).where(ThreadFollow.root_id == root.id, ThreadFollow.person_id.in_(wanted))
    there = {row.person_id: row for row in session.scalars(rows)}
    for person_id in sorted(wanted - there.keys()):
        there[person_id] = ThreadFollow(
            root_id=root.id, person_id=person_id, is_on=True, read_position=reply.position - 1
        )
        session.add(there[person_id])
    there[reply.author_id].read_position = reply.position
