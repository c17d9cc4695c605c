"""Passkeys as they are known here: public keys alone, so that nobody who reads the table can sign in with it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified

LONGEST_NAME, LONGEST_KEY = 1400, 4000  # letters; the standard allows a name of 1023 bytes


class Passkey(Identified, Base):
    """One passkey of a person; ``credential_hash`` finds it by the name that its device gave it, of any length.

    ``sign_count`` is the device's own counter: one that goes back speaks of a copy. Devices that share passkeys among
    each other keep it at 0.
    """

    __tablename__ = "passkeys"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    credential_key: Mapped[str] = mapped_column(String(LONGEST_NAME))
    public_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    name: Mapped[str] = mapped_column(String(100))
    sign_count: Mapped[int]
    is_synced: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Identified, Base):
    """Chance that a device is asked to sign, once and soon; the browser that asked keeps the other half."""

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
