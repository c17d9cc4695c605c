"""Whom somebody does not want to be introduced to now. What people know is worked out when somebody asks."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base


class PutOff(Base):
    """ "Not now" to somebody who was proposed; nobody but its author ever sees it."""

    __tablename__ = "meetings_put_off"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
