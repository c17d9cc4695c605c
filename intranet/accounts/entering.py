"""What every way of signing in ends with: the second step where one is owed, then the session."""

from flask import Response, make_response, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts import events, guessing, sessions
from intranet.accounts.factors import trusting, waiting
from intranet.accounts.factors.queries import Owed, owed_by
from intranet.accounts.models import Person, Way
from intranet.kernel.outbox import record

SECOND_STEP = "/sign-in/code"
SET_UP = "/sign-in/set-up"


def enter(
    session: Session,
    person: Person,
    *,
    keep: bool,
    onward: str,
    way: Way = Way.PASSWORD,
    company_session: str | None = None,
) -> Response:
    """Let in whoever has given the first proof. Who owes a second one is sent to it, and is nobody until then."""
    owed = owed_by(session, person)
    if owed is Owed.NOTHING or (owed is Owed.PROOF and trusting.is_trusted(session, person.id)):
        return let_in(session, person, keep=keep, way=way, company_session=company_session, answer=redirect(onward))
    waiting.begin(person, keep=keep, onward=onward, company_session=company_session)
    return make_response(redirect(SECOND_STEP if owed is Owed.PROOF else SET_UP))


def let_in(
    session: Session,
    person: Person,
    *,
    keep: bool,
    way: Way,
    answer: ResponseReturnValue,
    company_session: str | None = None,
) -> Response:
    """Begin the session of whoever has proved all that is asked, under a fresh cookie that goes with ``answer``."""
    row = sessions.begin(session, person, keep=keep, way=way, company_session=company_session)
    is_unknown = person.came_at is not None and not guessing.is_known_browser(person.id)
    person.came_at = person.came_at or row.created_at
    record(session, events.SignedIn(person.id, person.id, row.id, way.value, is_unknown))
    response = make_response(answer)
    guessing.remember_browser(response, person.id)
    return response
