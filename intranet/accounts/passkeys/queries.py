"""Reads about passkeys."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.passkeys.models import Passkey
from intranet.accounts.sessions import token_hash
from intranet.kernel.errors import NotFound


def passkeys_of(session: Session, person_id: int) -> list[Passkey]:
    """A person's passkeys, the oldest first; there are few."""
    return list(session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id).limit(100)))


def passkey_count(session: Session, person_id: int) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id)) or 0


def own_passkey(session: Session, person_id: int, passkey_id: int) -> Passkey:
    """One of theirs.

    Raises:
        NotFound: it is not, or gone.
    """
    found = session.get(Passkey, passkey_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    return found


def passkey_named(session: Session, credential: str) -> Passkey | None:
    """The passkey that a device calls so, of somebody who works here."""
    found = select(Passkey).join(Person, Person.id == Passkey.person_id)
    named = Passkey.credential_hash == token_hash(credential)
    return session.scalar(found.where(named, Person.deactivated_at.is_(None)))
