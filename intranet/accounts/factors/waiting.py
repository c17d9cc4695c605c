"""Between the two steps: whose password was right a moment ago. It is no session, and opens nothing but the next step.

It lives in the browser's signed cookie, for ten minutes, and holds no name that Flask-Login would look for.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import session as cookie
from sqlalchemy.orm import Session

from intranet.accounts.models import Credential, Person
from intranet.accounts.oidc.queries import was_ended
from intranet.kernel import clock

LASTS = timedelta(minutes=10)
_KEY = "second-step"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose turn it is, and from which session at the company's sign-in, None where they came another way; ``since`` in
    seconds since 1970."""

    person_id: int
    keep: bool
    onward: str
    since: float
    company_session: str | None


def begin(person: Person, *, keep: bool, onward: str, company_session: str | None) -> None:
    """Remember them in this browser, where nothing that an earlier visitor planted stays."""
    cookie.clear()
    cookie.permanent = False
    cookie[_KEY] = [str(person.id), keep, onward, clock.now().timestamp(), company_session]


def current() -> Waiting | None:
    """Who waits in this browser; None where nobody does, or not any more."""
    held: Any = cookie.get(_KEY)
    if not held:
        return None
    person_id, keep, onward, since, company_session = held
    if clock.now().timestamp() - since > LASTS.total_seconds():
        return None
    return Waiting(int(person_id), keep, onward, since, company_session or None)


def person_of(session: Session, found: Waiting | None) -> Person | None:
    """The person who waits; None where they left, have another password by now, or signed out at the company."""
    person = session.get(Person, found.person_id) if found else None
    if found is None or person is None or person.deactivated_at is not None:
        return None
    password = session.get(Credential, person.id)
    if password is not None and password.changed_at.timestamp() > found.since:
        return None
    return None if was_ended(session, person.id, found.company_session, since=found.since) else person
