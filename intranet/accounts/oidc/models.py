"""Whom the company's sign-in means by a name of its own."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified

LONGEST = 255


class Identity(Identified, Base):
    """One way in for a person. ``issuer`` and ``subject`` name somebody for good; an address may change hands."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(LONGEST))
    subject: Mapped[str] = mapped_column(String(LONGEST))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class Ending(Identified, Base):
    """Word that somebody signed out at the company, for as long as somebody could be between the two steps of signing
    in: whoever came in before it finishes no more. ``company_session`` as in ``SignIn``; None is every session of this
    person, and without a person that session of whoever it is.
    """

    __tablename__ = "company_endings"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    company_session: Mapped[str | None] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
