"""Polls, their answers, and who voted. Rules never change once the poll is out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, Identified

LONGEST_OPTION, MOST_OPTIONS, LEAST_OPTIONS = 200, 8, 2


class Poll(Guarded, Base):
    """The rules of the poll that a post is. A secret one stores its totals and who has voted, never who voted how."""

    __tablename__ = "polls"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    is_multiple: Mapped[bool]
    is_secret: Mapped[bool]
    closes_at: Mapped[datetime | None]


class PollOption(Identified, Guarded, Base):
    """One answer; ``votes`` is its total."""

    __tablename__ = "poll_options"
    __table_args__ = (Index("ix_poll_options_post", "post_id", "position"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("polls.post_id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LONGEST_OPTION))
    votes: Mapped[int] = mapped_column(default=0)


class Ballot(Guarded, Base):
    """That somebody has voted."""

    __tablename__ = "poll_ballots"

    post_id: Mapped[int] = mapped_column(ForeignKey("polls.post_id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    voted_at: Mapped[datetime] = mapped_column(default=clock.now)


class OpenVote(Guarded, Base):
    """What somebody chose in an open poll."""

    __tablename__ = "poll_open_votes"
    __table_args__ = (Index("ix_poll_open_votes_person", "person_id", "post_id"),)

    option_id: Mapped[int] = mapped_column(ForeignKey("poll_options.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("polls.post_id", ondelete="CASCADE"))
