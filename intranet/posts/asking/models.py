"""A question on its way: what the asker wishes, and how far it has come."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, one_of

MOST_NAMED = 5


class Urgency(StrEnum):
    """How soon an answer is of use."""

    NOW = "now"
    SOON = "soon"
    WHENEVER = "whenever"


class Asking(Guarded, Base):
    """One for each question that looks for its experts; imported ones have none.

    ``named`` lists whom somebody named, as ``{"person": id, "by": id}`` with ids as text. ``waves`` counts those
    that went out, ``turn`` every look at who could be asked: work that was put off for an earlier turn is void.
    ``next_at`` is when that work is due, ``ended_at`` is set once nobody else will be asked. ``spared`` are those who
    would be asked but for the hour where they are, as ``{"person": id, "until": moment}``.
    """

    __tablename__ = "askings"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    urgency: Mapped[Urgency] = mapped_column(one_of(Urgency))
    named: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    spared: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    waves: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
