"""People as the product knows them, and how they sign in.

``Person`` is the least that every feature needs; what colleagues read about somebody is ``people.models.Profile``.
Secrets are kept as hashes: argon2id for passwords, SHA-256 for random tokens, which need no slow hash.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.tables import Base, Identified, one_of
from intranet.kernel.viewer import Role


class Person(Identified, Base):
    """Somebody who works here, or did: a leaver is deactivated, not erased.

    ``username`` is stored in lower case. ``source`` and ``external_id`` say where an import knows the person from.
    ``language`` is what they read Couth in; None leaves it to their browser. ``agreed_to`` is the number of the usage
    guidelines that they have accepted, 0 before the first. ``came_at`` is when they first signed in.
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
    language: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    deactivated_at: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
    agreed_to: Mapped[int] = mapped_column(default=0, server_default="0")


class Credential(Base):
    """A person's password; no row means that nobody can sign in as them with one."""

    __tablename__ = "credentials"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class Way(StrEnum):
    """How somebody proved who they are when they signed in."""

    PASSWORD = "password"  # noqa: S105 (a word for how, not a secret)
    CODE = "code"
    RECOVERY = "recovery"
    PASSKEY = "passkey"
    COMPANY = "company"


class SignIn(Identified, Base):
    """One browser in which a person is signed in; ending it takes effect at the next request.

    ``proved_at`` is when they last showed, signed in already, that it is still them. ``company_session`` is the session
    at the company's sign-in that it came from, as a hash; None where it came another way.
    """

    __tablename__ = "sign_ins"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))
    way: Mapped[Way] = mapped_column(one_of(Way), default=Way.PASSWORD, server_default=Way.PASSWORD.value)
    proved_at: Mapped[datetime | None]
    company_session: Mapped[str | None] = mapped_column(String(64), index=True)


class ApiToken(Identified, Base):
    """A key for programs that act as a person."""

    __tablename__ = "api_tokens"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    FIRST_ADMIN = "first-admin"
    INVITATION = "invitation"
    RESET = "reset"


class OneTimeLink(Identified, Base):
    """A link that works once: it makes the first admin, takes in a colleague, or sets a new password."""

    __tablename__ = "one_time_links"

    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    roles: Mapped[list[Role]] = mapped_column(JSON, default=list)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SiteSetting(Base):
    """One setting that admins change while the product runs."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
