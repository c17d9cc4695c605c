"""Posts and what hangs on them.

``item_id`` in the smaller tables is the id of a post or of a comment: both take their ids from one sequence, and
``post_id`` beside it names the post that holds the item. Every table is guarded by the audience of its post.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.apart import Authored, People
from intranet.kernel.audience import Guarded
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.tables import Base, Identified, one_of

LONGEST_TEXT = 20_000
LONGEST_TITLE = 200


class PostKind(StrEnum):
    """What a post is for."""

    UPDATE = "update"
    ANNOUNCEMENT = "announcement"
    POLL = "poll"
    QUESTION = "question"
    PRAISE = "praise"


class Post(Identified, Guarded, Authored, Base):
    """Something that a person told an audience. ``text`` is what they typed, ``html`` how it is shown.

    ``quoted_id`` is the post that it passes on, which every reader sees only if they may; ``pinned_at`` keeps it in
    sight in its group, ``frozen_at`` closes it to replies. ``link_card`` is what the first page that it links to says
    of itself, once that is known, and empty where the author took it away; ``linked_id`` is a post that it links to.

    A question has a ``title``, and a comment right below it is an answer; ``accepted_id`` is the one that solved it.

    ``source`` and ``external_id`` say where an import knows it from. A deleted post keeps its row and loses its words.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        # With everything that decides whether a post is shown, so that a feed of a thousand streams reads no rows.
        Index("ix_posts_author", "author_id", "id", "deleted_at", "audience_id", "kind"),
        Index("ix_posts_group", "audience_id", "id", "deleted_at", "author_id", "kind"),
        Index("ix_posts_kind", "kind", "id"),
    )

    kind: Mapped[PostKind] = mapped_column(one_of(PostKind), default=PostKind.UPDATE)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(120))
    quoted_id: Mapped[int | None]
    pinned_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    link_card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    link_picture: Mapped[str | None] = mapped_column(String(64))
    linked_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="", server_default="")
    accepted_id: Mapped[int | None]

    @classmethod
    def not_by(cls, people: People) -> ColumnElement[bool]:
        """What the company says reaches everybody, whomever they block."""
        return or_(cls.author_id.not_in(people), cls.kind == PostKind.ANNOUNCEMENT)


_is_pinned = Post.pinned_at.is_not(None)
Index("ix_posts_pinned", Post.audience_id, Post.pinned_at, sqlite_where=_is_pinned, postgresql_where=_is_pinned)
_has_picture = Post.link_picture.is_not(None)
Index("ix_posts_link_picture", Post.link_picture, sqlite_where=_has_picture, postgresql_where=_has_picture)


class Comment(Identified, Guarded, Authored, Base):
    """A reply to a post; ``parent_id`` is the comment it answers, which itself answers none.

    ``accepted_at`` says since when it is what solved a question. It stays while the comment is deleted, so that undoing
    that solves the question again.
    """

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_comments_post", "post_id", "id"),
        Index("ix_comments_author", "author_id", "id"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(120))
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None]


class Revision(Identified, Guarded, Base):
    """What a post or comment said before an edit; anyone who may read it may see what it said."""

    __tablename__ = "post_revisions"
    __table_args__ = (Index("ix_post_revisions_item", "item_id", "id"),)

    item_id: Mapped[int]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="", server_default="")
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Reaction(Guarded, Base):
    """One person's one reaction of a kind to one post or comment."""

    __tablename__ = "post_reactions"
    __table_args__ = (Index("ix_post_reactions_post", "post_id"),)

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[ReactionKind] = mapped_column(one_of(ReactionKind), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class PostMention(Guarded, Base):
    """A person whom a post or comment names."""

    __tablename__ = "post_mentions"
    __table_args__ = (
        Index("ix_post_mentions_person", "person_id", "item_id"),
        Index("ix_post_mentions_post", "post_id"),
    )

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))


class PostTopic(Guarded, Base):
    """A topic that a post or comment names with a hashtag; the post itself where ``item_id`` is ``post_id``."""

    __tablename__ = "post_topics"
    __table_args__ = (
        Index("ix_post_topics_topic", "topic_id", "item_id"),
        Index("ix_post_topics_place", "topic_id", "audience_id"),  # where a topic is talked about, without its posts
        Index("ix_post_topics_post", "post_id"),
    )

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))


class Attachment(Guarded, Base):
    """A file that hangs on a post or comment, in the order of ``position``."""

    __tablename__ = "post_attachments"
    __table_args__ = (Index("ix_post_attachments_post", "post_id"), Index("ix_post_attachments_file", "file_id"))

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    position: Mapped[int]


class Bookmark(Identified, Base):
    """A post that one person wants to find again; nobody else reads this."""

    __tablename__ = "post_bookmarks"
    __table_args__ = (UniqueConstraint("person_id", "post_id"), Index("ix_post_bookmarks_person", "person_id", "id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))


class MutedThread(Base):
    """A post of which one person wants to hear no more; nobody else reads this."""

    __tablename__ = "post_mutes"
    __table_args__ = (Index("ix_post_mutes_post", "post_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class SavedDraft(Base):
    """What a person began to write at one place (``home``, ``post:123``), kept so that another device can go on."""

    __tablename__ = "post_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(Text, default="", server_default="")
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def version(self) -> str:
        """By which a device knows whether another has written since."""
        return self.updated_at.isoformat()
