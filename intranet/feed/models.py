"""Where each reader stopped."""

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
