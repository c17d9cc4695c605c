"""Copies that people asked for, and wishes to be deleted."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified, one_of

COPY_LASTS = timedelta(days=7)
GRACE = timedelta(days=14)


class CopyState(StrEnum):
    """How far a copy is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class DataCopy(Identified, Base):
    """One copy; ``done`` of ``total`` things are in it. ``key`` names its file, which only its person may fetch."""

    __tablename__ = "data_copies"
    __table_args__ = (Index("ix_data_copies_state", "state", "id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    state: Mapped[CopyState] = mapped_column(one_of(CopyState), default=CopyState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]


class ErasureWish(Base):
    """Somebody wants to be deleted after ``due_at``. ``known_as`` holds, while it is done, how others named them."""

    __tablename__ = "erasure_wishes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    takes_words: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(index=True)
    known_as: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    done_at: Mapped[datetime | None]
