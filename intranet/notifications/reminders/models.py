"""What people want to be reminded of."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel.tables import Base


class MessageReminder(Base):
    """Somebody's own wish, which nobody else learns of; the row goes when its moment has come."""

    __tablename__ = "message_reminders"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_messages.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
