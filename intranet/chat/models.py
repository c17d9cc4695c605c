"""Conversations, who is in them, and what is said.

Everything said has one place in the order of its conversation: ``position`` counts from 1 without a gap, since the next
one is taken from the conversation's own row, which stays locked until the commit.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.apart import Authored
from intranet.kernel.audience import Guarded
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.tables import Base, Identified, one_of

LONGEST_MESSAGE, LONGEST_NAME, LONGEST_TOPIC, LONGEST_NONCE = 20_000, 80, 300, 100


class ConversationKind(StrEnum):
    """Direct: two people, once for each pair. Group: a few people, no name. Room: a name, and people come and go."""

    DIRECT = "direct"
    GROUP = "group"
    ROOM = "room"


class ChatRole(StrEnum):
    """An owner decides who is in a room and how it is called."""

    OWNER = "owner"
    MEMBER = "member"


class Call(StrEnum):
    """Calling everybody at once: ``@room`` all who are in it, ``@here`` those who are around."""

    ROOM = "room"
    HERE = "here"


class Conversation(Guarded, Base):
    """A conversation is its audience, as a group is: ``id`` is that of the audience that reads what is said in it.

    ``audience_id`` guards the conversation itself: everyone for a public room, the readers of its group for a public
    room that belongs to one, else those who are in it. ``pair`` makes a direct conversation the only one of its two.
    """

    __tablename__ = "chat_conversations"
    __table_args__ = (Index("ix_chat_conversations_room", "kind", "folded_name", "id"),)

    id: Mapped[int] = mapped_column(
        ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[ConversationKind] = mapped_column(one_of(ConversationKind))
    is_public: Mapped[bool] = mapped_column(default=False)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    pair: Mapped[str | None] = mapped_column(String(41), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    folded_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC), default="")
    member_count: Mapped[int] = mapped_column(default=0)
    last_position: Mapped[int] = mapped_column(default=0)
    spoken_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    archived_at: Mapped[datetime | None]


class ChatMember(Guarded, Base):
    """One person in one conversation, beside the audience's own row; known to whoever may know of the conversation.

    ``read_position`` is the one read pointer: what stands after it, is by others and not deleted is unread.
    """

    __tablename__ = "chat_members"
    __table_args__ = (Index("ix_chat_members_person", "person_id", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("chat_conversations.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[ChatRole] = mapped_column(one_of(ChatRole), default=ChatRole.MEMBER)
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_position: Mapped[int] = mapped_column(default=0)
    muted_until: Mapped[datetime | None]


class Message(Identified, Guarded, Authored, Base):
    """Something said. ``nonce`` is the sender's own name for it, so that a retry says it once.

    A reply stands in the thread of ``root_id``; the conversation itself shows it only with ``is_shown``, which holds
    for all that is no reply. A deleted message keeps its place and loses its words. ``forwarded_id`` is what it passes
    on. ``link_card`` is what the first page that it links to says of itself, once that is known, and empty where
    its sender took that away.
    """

    __tablename__ = "chat_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        UniqueConstraint("author_id", "nonce"),
        Index("ix_chat_messages_root", "root_id", "position"),
        Index("ix_chat_messages_author", "author_id", "id"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("chat_conversations.id", ondelete="CASCADE"))
    position: Mapped[int]
    nonce: Mapped[str] = mapped_column(String(LONGEST_NONCE))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("chat_messages.id"))
    is_shown: Mapped[bool] = mapped_column(default=True)
    calls: Mapped[Call | None] = mapped_column(one_of(Call))
    forwarded_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_erased: Mapped[bool] = mapped_column(default=False)
    link_card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    link_picture: Mapped[str | None] = mapped_column(String(64))
    pinned_at: Mapped[datetime | None]


_has_picture = Message.link_picture.is_not(None)
Index("ix_chat_messages_link_picture", Message.link_picture, sqlite_where=_has_picture, postgresql_where=_has_picture)
_is_pinned = Message.pinned_at.is_not(None)
Index(
    "ix_chat_messages_pinned",
    Message.conversation_id,
    Message.pinned_at,
    sqlite_where=_is_pinned,
    postgresql_where=_is_pinned,
)


class MessageMention(Guarded, Base):
    """A person whom a message names or calls; its place stands here too, so that counting reads this table alone."""

    __tablename__ = "chat_mentions"
    __table_args__ = (Index("ix_chat_mentions_person", "person_id", "conversation_id", "position"),)

    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("chat_conversations.id", ondelete="CASCADE"))
    position: Mapped[int]


class MessageReaction(Guarded, Base):
    """One person's one reaction of a kind to one message."""

    __tablename__ = "chat_reactions"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[ReactionKind] = mapped_column(one_of(ReactionKind), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class MessageFile(Guarded, Base):
    """A file that hangs on a message, in the order of ``place``."""

    __tablename__ = "chat_files"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    place: Mapped[int]


class ThreadFollow(Base):
    """Whether a person follows a thread, and how far they have read it; nobody else reads this."""

    __tablename__ = "chat_thread_follows"
    __table_args__ = (Index("ix_chat_thread_follows_person", "person_id", "root_id"),)

    root_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    read_position: Mapped[int] = mapped_column(default=0)


class MessageBookmark(Identified, Base):
    """A message that one person wants to find again; nobody else reads this."""

    __tablename__ = "chat_bookmarks"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),
        Index("ix_chat_bookmarks_person", "person_id", "id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(ForeignKey("chat_messages.id", ondelete="CASCADE"))


class ChatDraft(Base):
    """What a person began to write; ``root_id`` is 0 for the conversation itself, else the thread."""

    __tablename__ = "chat_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("chat_conversations.id", ondelete="CASCADE"), primary_key=True
    )
    root_id: Mapped[int] = mapped_column(primary_key=True, default=0, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class ChatChoices(Base):
    """What a person lets others see of their reading and writing; no row means both."""

    __tablename__ = "chat_choices"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shows_reading: Mapped[bool] = mapped_column(default=True)
    shows_typing: Mapped[bool] = mapped_column(default=True)
