"""Whom a post praises, and for which topic."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base

MOST_PEOPLE = 10


class Praise(Guarded, Base):
    """The praise that a post is: its text is the reason, the topic what it shows that these people know."""

    __tablename__ = "praises"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)


class PraisedPerson(Guarded, Base):
    """One of those whom a post praises, in the order in which they were named."""

    __tablename__ = "praised_people"
    __table_args__ = (Index("ix_praised_people_person", "person_id", "post_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("praises.post_id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
