"""The versions of the guidelines, and who accepted which."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base

DRAFT = 0
LONGEST_TEXT, LONGEST_SUMMARY = 20_000, 500


class Guidelines(Base):
    """One version. Number 0 is the draft that is being written; what is published is never changed again."""

    __tablename__ = "guidelines"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(String(LONGEST_SUMMARY), default="")
    written_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class Acceptance(Base):
    """Somebody agreed to a version."""

    __tablename__ = "guidelines_acceptances"
    __table_args__ = (Index("ix_guidelines_acceptances_order", "number", "accepted_at", "person_id"),)

    number: Mapped[int] = mapped_column(ForeignKey("guidelines.number"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    accepted_at: Mapped[datetime] = mapped_column(default=clock.now)
