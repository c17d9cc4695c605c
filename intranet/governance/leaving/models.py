"""Who carries on what a leaver did."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base


class Succession(Base):
    """The colleague whom a leaver's followers are offered to follow instead."""

    __tablename__ = "successions"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    successor_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    named_at: Mapped[datetime] = mapped_column(default=clock.now)
