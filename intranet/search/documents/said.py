"""Chat messages as documents: found by whoever may read them.

What is said in a room that everybody may read is evidence, at a low weight; what is said anywhere else proves nothing
of anybody, not even to those who read it: no signal weighs its kind.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.models import Conversation, Message, MessageFile, MessageMention
from intranet.files.models import StoredFile
from intranet.search.documents.ranges import numbers
from intranet.search.documents.written import flags
from intranet.search.sources import document_id
from search_index.documents import Document, Kind

MESSAGE = "message"


def load_messages(session: Session, keys: Sequence[str]) -> list[Document]:
    """The messages of these keys that are there. Four statements."""
    ids = numbers(keys)
    rows = session.scalars(select(Message).where(Message.id.in_(ids), Message.deleted_at.is_(None))).all()
    rooms = _open_to_all(session, {row.conversation_id for row in rows})
    mentions: dict[int, list[int]] = {}
    named = select(MessageMention.message_id, MessageMention.person_id).where(MessageMention.message_id.in_(ids))
    for message_id, person_id in session.execute(named):
        mentions.setdefault(message_id, []).append(person_id)
    files: dict[int, list[str]] = {}
    hanging = select(MessageFile.message_id, StoredFile.kind).join(StoredFile, StoredFile.id == MessageFile.file_id)
    for message_id, kind in session.execute(hanging.where(MessageFile.message_id.in_(ids))):
        files.setdefault(message_id, []).append(kind)
    return [
        Document(
            id=document_id(MESSAGE, row.id),
            kind=Kind.SAID if row.conversation_id in rooms else MESSAGE,
            text=row.text,
            audience_id=row.audience_id,
            created_at=row.created_at,
            author_id=row.author_id,
            mentions=tuple(sorted(mentions.get(row.id, ()))),
            has=flags(row.text, files.get(row.id, ()), row.id in mentions),
        )
        for row in rows
    ]


def _open_to_all(session: Session, conversations: set[int]) -> set[int]:
    """Which of these everybody may read; a room of a group is its members' own."""
    public = (Conversation.is_public, Conversation.group_id.is_(None))
    return set(session.scalars(select(Conversation.id).where(Conversation.id.in_(conversations), *public)))
