"""What somebody wrote to go out at a moment of their choice; nobody else reads it before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified

MOST_WAITING = 100
LONGEST_REASON = 400


class ScheduledPost(Identified, Base):
    """``fields`` are the composer's; its files are held on the author's shelf meanwhile. With a ``reason`` it came
    back, and waits for its author instead of its moment."""

    __tablename__ = "scheduled_posts"
    __table_args__ = (Index("ix_scheduled_posts_author", "author_id", "goes_at"),)

    author_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    audience_id: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    goes_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
