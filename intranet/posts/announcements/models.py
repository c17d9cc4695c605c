"""How long an announcement stands out, who answers for it, what it asks, and who has acknowledged it."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base

USUAL = timedelta(days=14)
"""How long one stands out where nobody said for how long."""


class Announcement(Guarded, Base):
    """The terms of the announcement that a post is. ``reminded_at`` is set by the one reminder there is; what
    ``is_urgent`` stands above every page of those who have not acknowledged it."""

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_ends_at", "ends_at"),)

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    ends_at: Mapped[datetime]
    asks: Mapped[bool]
    is_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    reminded_at: Mapped[datetime | None]


class Acknowledgement(Guarded, Base):
    """That somebody has acknowledged an announcement; it is never taken back."""

    __tablename__ = "acknowledgements"
    __table_args__ = (Index("ix_acknowledgements_person", "person_id", "post_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("announcements.post_id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    acknowledged_at: Mapped[datetime] = mapped_column(default=clock.now)
