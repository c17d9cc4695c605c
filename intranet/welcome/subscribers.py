"""Who has a fresh account has their first minutes before them."""

from sqlalchemy.orm import Session

from intranet.accounts.events import PersonJoined
from intranet.accounts.models import Person
from intranet.kernel.outbox import subscribe
from intranet.welcome.models import Welcome


def register() -> None:
    """Listen to new accounts."""
    subscribe("welcome", PersonJoined, begin)


def begin(session: Session, happened: PersonJoined) -> None:
    """Remind them at home until they finish or say no; nothing where they have begun already."""
    if session.get(Person, happened.person_id) is not None and session.get(Welcome, happened.person_id) is None:
        session.add(Welcome(person_id=happened.person_id))
