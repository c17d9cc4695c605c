"""What the company's sign-in says of a person, read with care: nothing in it is of the kind that it should be."""

import re
from dataclasses import dataclass
from typing import Any

from intranet.accounts.oidc.models import LONGEST
from intranet.accounts.sessions import token_hash
from intranet.config import Settings
from intranet.kernel.text import clean_line, fold
from intranet.kernel.viewer import Role

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\]+")
_LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Rules:
    """What this place makes of it. ``roles`` maps a value of the claim to the role that it gives."""

    makes_accounts: bool
    links: bool
    trusts_email: bool
    domains: frozenset[str]
    roles_claim: str
    roles: dict[str, Role]

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        pairs = (pair.rpartition("=") for pair in settings.oidc_roles.replace(",", " ").split())
        return cls(
            makes_accounts=settings.oidc_accounts,
            links=settings.oidc_links,
            trusts_email=settings.oidc_trusts_email,
            domains=frozenset(settings.oidc_domains.lower().replace(",", " ").split()),
            roles_claim=settings.oidc_roles_claim,
            roles={value: Role(role) for value, _, role in pairs},
        )


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody, as the provider tells of them.

    ``usernames`` are wishes in order; ``is_confirmed`` says that the address is theirs; ``roles`` are those that the
    mapping gives them. ``session`` is theirs there, as ``session_of``.
    """

    issuer: str
    subject: str
    name: str
    usernames: tuple[str, ...]
    email: str | None
    is_confirmed: bool
    roles: frozenset[Role]
    session: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What is over at the provider: one session, as ``session_of``, or where none is named all of this subject."""

    issuer: str
    subject: str | None
    session: str | None
    token_id: str


def session_of(issuer: str, name: object) -> str:
    """A session there as it is kept here, however long its name is; one for all where the provider names none."""
    return token_hash(f"{issuer} {name if isinstance(name, str) else ''}")


def read_ended(claims: dict[str, Any]) -> Ended | None:
    """What a logout token tells; None where it names neither anybody nor a session."""
    subject, name, issuer = claims.get("sub"), claims.get("sid"), str(claims["iss"])
    if not (subject or name) or not all(isinstance(value, str | None) for value in (subject, name)):
        return None
    session = session_of(issuer, name) if name else None
    return Ended(issuer, subject or None, session, str(claims["jti"]))


def read(claims: dict[str, Any], rules: Rules) -> Told | None:
    """None where the provider does not name anybody."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or "\0" in subject:
        return None
    email = _email(claims.get("email"))
    said = claims.get("email_verified", rules.trusts_email or None)
    preferred = _line(claims.get("preferred_username"))
    name = _line(claims.get("name")) or clean_line(
        f"{_line(claims.get('given_name'))} {_line(claims.get('family_name'))}"
    )
    wishes = (preferred.partition("@")[0], (email or "").partition("@")[0], name)
    return Told(
        issuer=str(claims["iss"]),
        subject=subject,
        name=(name or preferred or (email or "").partition("@")[0] or subject)[:200],
        usernames=tuple(wish for wish in map(as_username, wishes) if wish),
        email=email,
        is_confirmed=email is not None and (said is True or said == "true"),
        roles=_roles(claims, rules),
        session=session_of(str(claims["iss"]), claims.get("sid")),
    )


def as_username(words: str) -> str:
    """A username made of somebody's name elsewhere; empty where no letter or digit of it can be in one."""
    return re.sub(r"[^a-z0-9_-]+", ".", fold(words)).strip("._-")[:56].rstrip("._-")


def _line(value: object) -> str:
    return clean_line(value[:1000]) if isinstance(value, str) else ""


def _email(value: object) -> str | None:
    email = _line(value).lower()
    return email if len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email) else None


def _roles(claims: dict[str, Any], rules: Rules) -> frozenset[Role]:
    """From a claim that is a list or one value; dots lead into an object (``realm_access.roles``)."""
    held: Any = claims.get(rules.roles_claim)
    if held is None:
        held = claims
        for step in rules.roles_claim.split("."):
            held = held.get(step) if isinstance(held, dict) else None
    values = held if isinstance(held, list) else [held]
    return frozenset(rules.roles[value] for value in values if isinstance(value, str) and value in rules.roles)
