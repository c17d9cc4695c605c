"""What a second factor is kept as: the authenticator's secret sealed, recovery codes and browsers as hashes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified


class Authenticator(Base):
    """A person's authenticator (RFC 6238); a row means that it is asked for.

    ``last_step`` is the latest half minute whose code was taken: no code opens twice.
    """

    __tablename__ = "authenticators"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sealed_key: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class RecoveryCode(Identified, Base):
    """One of ten codes for somebody without their authenticator; it works once."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class TrustedBrowser(Identified, Base):
    """A browser that is not asked for a code for some weeks."""

    __tablename__ = "trusted_browsers"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
