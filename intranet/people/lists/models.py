"""Lists of people. Nobody but ``owner_id`` reads either table."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified

LONGEST_NAME = 60


class PeopleList(Identified, Base):
    """Some people, under a name that says why."""

    __tablename__ = "people_lists"
    __table_args__ = (UniqueConstraint("owner_id", "folded_name"),)

    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded_name: Mapped[str] = mapped_column(String(LONGEST_NAME * 2))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class ListedPerson(Base):
    """One person in one list."""

    __tablename__ = "people_list_entries"
    __table_args__ = (Index("ix_people_list_entries_person", "person_id"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("people_lists.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
