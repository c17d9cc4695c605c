"""The searches that people keep."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified

LONGEST_NAME = 80
LONGEST_ADDRESS = 4000


class SavedSearch(Identified, Base):
    """One search of one person; nobody else reads this.

    ``address`` is the query string that holds all of it. What was written after ``seen_at`` is new to them.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("person_id", "folded_name"), UniqueConstraint("person_id", "address_hash"))

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded_name: Mapped[str] = mapped_column(String(LONGEST_NAME * 2))
    address: Mapped[str] = mapped_column(Text)
    address_hash: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
