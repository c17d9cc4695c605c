"""Where each reader stopped, what they saw, and what they want more and less of."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base


class ReadMark(Base):
    """The newest post that a person has had before their eyes in one view of the home feed."""

    __tablename__ = "feed_read_marks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    view: Mapped[str] = mapped_column(String(20), primary_key=True)
    post_id: Mapped[int]
    moved_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class SeenPost(Base):
    """A post that a person has had before their eyes; forgotten after some weeks."""

    __tablename__ = "feed_seen_posts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FeedDials(Base):
    """How much a person wants of each in the ranked feed: 0 (hardly any) to 4 (much), 2 being the middle."""

    __tablename__ = "feed_dials"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    people: Mapped[int] = mapped_column(default=2)
    topics: Mapped[int] = mapped_column(default=2)
    groups: Mapped[int] = mapped_column(default=2)


class LessOf(Base):
    """A reason that a person turned down; ``target_id`` is the person, topic or group that it names, 0 for none."""

    __tablename__ = "feed_less_of"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    why: Mapped[str] = mapped_column(String(20), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    since: Mapped[datetime] = mapped_column(default=clock.now)
