"""Which ``@words`` of a text name somebody."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person

_CHUNK = 500


def people_named(session: Session, usernames: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Of these lower-case usernames the ones that exist: username -> (id, name)."""
    wanted, found = sorted(usernames), {}
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        rows = session.execute(select(Person.username, Person.id, Person.name).where(Person.username.in_(some)))
        found.update({username: (person_id, name) for username, person_id, name in rows})
    return found
