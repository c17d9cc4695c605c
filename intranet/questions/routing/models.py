"""Who was asked, and when people can be."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, one_of
from intranet.questions.routing.choosing import PER_WEEK

LONGEST_NOTE = 200
LONGEST_TOPIC = 80


class Why(StrEnum):
    """Why somebody was asked."""

    ANSWERED = "answered"
    WROTE = "wrote"
    ENDORSED = "endorsed"
    NAMED = "named"
    ASKED_FOR = "asked-for"
    PASSED = "passed"
    FOLLOWS = "follows"
    STEWARD = "steward"


class Doing(StrEnum):
    """What somebody who was asked is doing."""

    ASKED = "asked"
    SEEN = "seen"
    LATER = "later"
    PASSED = "passed"
    DECLINED = "declined"
    ANSWERED = "answered"


class AskedPerson(Guarded, Base):
    """One person, asked one question, once. ``topic`` is what the finder named them for, ``by_id`` who passed it to
    them or asked for them, ``note`` what they said when they passed it on; ``again_at`` is when they want to be
    reminded, once."""

    __tablename__ = "asked_people"
    __table_args__ = (
        Index("ix_asked_people_person", "person_id", "asked_at"),
        Index("ix_asked_people_by", "by_id"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    wave: Mapped[int]
    why: Mapped[Why] = mapped_column(one_of(Why))
    topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    doing: Mapped[Doing] = mapped_column(one_of(Doing), default=Doing.ASKED)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]


class AskingHours(Base):
    """How often in a week and when somebody wants to be asked; ``week`` as in ``hours.week_from``. ``away_until`` is
    the end of an absence. Without a row the usual holds."""

    __tablename__ = "asking_hours"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    per_week: Mapped[int] = mapped_column(default=PER_WEEK)
    week: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    away_until: Mapped[datetime | None]
