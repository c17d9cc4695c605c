"""Which ``@words`` of a text name somebody."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart
from intranet.kernel.db import viewer_of

_CHUNK = 500


def people_named(session: Session, usernames: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Of these lower-case usernames the ones that exist and can be named: username -> (id, name). People who block each
    other do not name each other: what stands in the text stays text."""
    wanted, found = sorted(usernames), {}
    blocked = apart.blocked(viewer_of(session).id)
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        can_be = (Person.username.in_(some), Person.id.not_in(blocked))
        rows = session.execute(select(Person.username, Person.id, Person.name).where(*can_be))
        found.update({username: (person_id, name) for username, person_id, name in rows})
    return found
