"""Signed out at the company: its sign-in tells us so itself (OpenID Connect Back-Channel Logout 1.0)."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts import guessing
from intranet.accounts.oidc import actions, attempts
from intranet.accounts.oidc.believing import LOGOUT_LASTS, Unanswered, Untrusted
from intranet.accounts.oidc.claims import Ended, read_ended
from intranet.accounts.oidc.views import place, provider
from intranet.accounts.views import feature
from intranet.kernel.policy import ANYONE
from intranet.kernel.ratelimit import give_back, is_first_use, limit
from intranet.kernel.runtime import runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer, system

log = logging.getLogger(__name__)

_MOST_WRONG = 100
_REMEMBERED = 2 * timedelta(seconds=LOGOUT_LASTS)  # longer than a token is believed
_outsider = system(reason="accounts: the company's sign-in says who signed out there")


@dataclass(frozen=True, slots=True)
class Heard:
    """How the provider is answered; an empty ``problem`` says that all is done."""

    problem: str = ""
    status: int = 200


def _hear(_viewer: Viewer) -> Heard:
    """Believe what can be checked, and end it; whoever sends something else is slowed."""
    key = f"company-logout:{place()}"
    limit(runtime().database, key, most=_MOST_WRONG, per=guessing.WINDOW)
    check = provider().check_logout
    try:
        ended = read_ended(run_blocking(check, request.form.get("logout_token", "")))
        if ended is None:
            raise Untrusted("the logout token names nobody")
        _end_once(ended)
    except Untrusted as error:
        log.warning("company sign-in: %r", str(error))
        return Heard("invalid_request", 400)
    except Unanswered as error:
        log.warning("company sign-in: %r", str(error))
        return Heard("temporarily_unavailable", 503)
    give_back(runtime().database, key)
    return Heard()


def _end_once(ended: Ended) -> None:
    """Each token does it once.

    Raises:
        Untrusted: this one was here before.
    """
    database, key = runtime().database, f"company-logout:{ended.issuer}:{ended.token_id}"
    if not database.transact(_outsider, lambda session: _end_unless_used(session, key, ended)):
        raise Untrusted("the logout token was used already")


def _end_unless_used(session: Session, key: str, ended: Ended) -> bool:
    """Together with what makes the token a used one: if this is cut off, the provider's next try finds it unused."""
    if not is_first_use(session, key, per=_REMEMBERED):
        return False
    actions.end(session, _outsider, ended)
    return True


@feature.post(
    f"{attempts.PATH}/logout",
    allow=ANYONE,
    prepare=_hear,
    endpoint="end_for_company",
    before_agreeing=True,
    signed_address=True,
)
def end_for_company(_session: Session, _viewer: Viewer, *, prepared: Heard) -> ResponseReturnValue:
    """The provider says who signed out there."""
    return (jsonify(error=prepared.problem), prepared.status) if prepared.problem else ""
