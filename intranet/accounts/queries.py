"""Reads about accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import ApiToken, Credential, Person, SignIn, SiteSetting
from intranet.kernel import clock
from intranet.kernel.batches import in_batches
from intranet.kernel.errors import NotFound
from intranet.kernel.prepared import Prepared
from intranet.kernel.viewer import Role

_LATELY = timedelta(minutes=10)
# Profile fields that the personnel department may own; a setting names those it does.
LOCKABLE = ("name", "title", "department", "location", "manager")


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows of the place."""

    name: str = "Couth"
    logo_url: str | None = None


NAMELESS = Site()


def person_by_username(session: Session, username: str) -> Person:
    """The person, also one who has left.

    Raises:
        NotFound: nobody has this username.
    """
    found = session.scalar(select(Person).where(Person.username == username.lower()))
    if found is None:
        raise NotFound
    return found


def people_by_usernames(session: Session, usernames: Iterable[str]) -> dict[str, Person]:
    """Username in lower case -> person, for those who exist and have not left."""
    wanted = sorted({username.lower() for username in usernames})
    found: dict[str, Person] = {}
    for some in in_batches(wanted):
        here = select(Person).where(Person.username.in_(some), Person.deactivated_at.is_(None))
        found.update((person.username, person) for person in session.scalars(here))
    return found


def active_admins() -> Select[int]:
    """Ids of those who run the place."""
    return _holders(Role.ADMIN)


def _holders(role: Role) -> Select[int]:
    """Ids of those who hold a role and work here; the roles' JSON is read as text, which every database can."""
    named = cast(Person.roles, String).contains(f'"{role.value}"', autoescape=True)
    return select(Person.id).where(named, Person.deactivated_at.is_(None)).order_by(Person.id)


def holders_of(session: Session, role: Role, *, most: int = 50) -> list[int]:
    """The people who were given a role, those of longest standing first."""
    return list(session.scalars(_holders(role).limit(most)))


def member_count(session: Session) -> int:
    """How many people work here."""
    return session.scalar(select(func.count()).select_from(Person).where(Person.deactivated_at.is_(None))) or 0


def credential_for_sign_in(session: Session, login: str) -> tuple[int | None, str | None]:
    """(person id, password hash) for a username or e-mail address; Nones where nobody may sign in so."""
    same = (Person.email == login.lower()) if "@" in login else (Person.username == login.lower())
    found = session.execute(
        select(Person.id, Credential.password_hash)
        .join(Credential, Credential.person_id == Person.id)
        .where(same, Person.deactivated_at.is_(None))
    ).first()
    return (found[0], found[1]) if found else (None, None)


def password_hash_of(session: Session, person_id: int) -> str | None:
    """The hash to check before something that needs the password."""
    found = session.get(Credential, person_id)
    return found.password_hash if found else None


def came_lately(session: Session, sign_in_id: int | None) -> bool:
    """Whether a session began within the last minutes: whoever holds it has proved just now who they are."""
    row = session.get(SignIn, sign_in_id) if sign_in_id else None
    return row is not None and clock.now() - row.created_at < _LATELY


def sign_ins_of(session: Session, person_id: int) -> list[SignIn]:
    """A person's live sessions, the latest first; at most a hundred."""
    live = select(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at > clock.now())
    return list(session.scalars(live.order_by(SignIn.seen_at.desc()).limit(100)))


def tokens_of(session: Session, person_id: int) -> list[ApiToken]:
    """A person's keys for programs; at most a hundred."""
    found = select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id.desc())
    return list(session.scalars(found.limit(100)))


def site_setting(session: Session, name: str, default: Any = None) -> Any:
    """One setting's value."""
    found = session.get(SiteSetting, name)
    return default if found is None else found.value


_OF_SITE = Prepared(select(SiteSetting.name, SiteSetting.value).where(SiteSetting.name.in_(("name", "logo"))))


def site(session: Session) -> Site:
    """Name and logo of the place, in one query."""
    values = {row.name: row.value for row in _OF_SITE.rows(session)}
    logo = values.get("logo")
    return Site(values.get("name") or NAMELESS.name, f"/site/logo/{logo}" if logo else None)


def locked_fields(session: Session) -> frozenset[str]:
    """The profile fields that only an import or an admin may change."""
    return frozenset(site_setting(session, "locked_fields", ())) & frozenset(LOCKABLE)
