"""People as the product knows them, and how they sign in.

``Person`` is the least that every feature needs; what colleagues read about somebody is ``people.models.Profile``.
"""

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified
from intranet.kernel.viewer import Role


class Person(Identified, Base):
    """Somebody who works here, or did: a leaver is deactivated, not erased.

    ``username`` is stored in lower case. ``source`` and ``external_id`` say where an import knows the person from.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    folded_name: Mapped[str] = mapped_column(String(200), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    roles: Mapped[list[Role]] = mapped_column(JSON, default=list)
    source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    deactivated_at: Mapped[datetime | None]
