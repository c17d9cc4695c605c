"""The devices that a person wants to be told on."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified

LONGEST_ENDPOINT = 2000


class PushDevice(Identified, Base):
    """A browser that takes pushes for its person. It belongs to the session in which it was added, and ends with it.

    ``endpoint`` is where its push service takes messages, ``p256dh`` and ``auth`` are the keys that only this browser
    can open them with. ``reached_at`` is the last time that its service took one.
    """

    __tablename__ = "push_devices"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"), unique=True)
    endpoint: Mapped[str] = mapped_column(String(LONGEST_ENDPOINT))
    endpoint_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    reached_at: Mapped[datetime | None]
