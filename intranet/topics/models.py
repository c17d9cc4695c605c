"""Topics, their other names, who claims or vouches for what, and what nobody wants to be named for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified


class Topic(Identified, Base):
    """One word of the vocabulary. ``slug`` is its address and hashtag, ``name`` how it is written.

    ``follower_count`` repeats what ``follows`` says, so that the directory can sort by it.
    """

    __tablename__ = "topics"
    __table_args__ = (Index("ix_topics_follower_count", "follower_count", "id"),)

    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    folded_name: Mapped[str] = mapped_column(String(80), index=True)
    description: Mapped[str] = mapped_column(String(2000), default="")
    follower_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Synonym(Base):
    """Another name under which a topic is found; its slug is taken, so no second topic can have it."""

    __tablename__ = "synonyms"

    slug: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    folded_name: Mapped[str] = mapped_column(String(80), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)


class Skill(Base):
    """Somebody says that they know a topic."""

    __tablename__ = "skills"
    __table_args__ = (Index("ix_skills_topic", "topic_id", "created_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Endorsement(Identified, Base):
    """A colleague vouches for somebody on a topic, with a reason; one per colleague, person and topic."""

    __tablename__ = "endorsements"
    __table_args__ = (
        Index("uq_endorsements_once", "person_id", "topic_id", "endorser_id", unique=True),
        Index("ix_endorsements_topic", "topic_id", "created_at"),
    )

    endorser_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime | None]


class HiddenTopic(Base):
    """Not to be named as somebody who knows this topic, by no page and no answer."""

    __tablename__ = "hidden_topics"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class UnaskedTopic(Base):
    """To be named as somebody who knows this topic, and not to be asked about it."""

    __tablename__ = "unasked_topics"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class NotMyField(Base):
    """Somebody who was asked said that it is not their field: the finder trusts less what speaks for them there."""

    __tablename__ = "not_my_fields"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class OptOut(Base):
    """Not to be named for what one knows at all; what one claims stays on one's own profile."""

    __tablename__ = "expertise_opt_outs"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
