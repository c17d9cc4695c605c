"""Browsers in which their person wishes not to be asked for a code again for some weeks."""

from datetime import timedelta

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.factors.models import TrustedBrowser
from intranet.accounts.sessions import new_token, token_hash
from intranet.kernel import clock
from intranet.kernel.runtime import runtime

LASTS = timedelta(days=30)
_COOKIE = "couth-trusted"


def trust(session: Session, response: Response, person_id: int) -> None:
    """Ask in this browser no more."""
    token, hashed = new_token()
    session.add(TrustedBrowser(person_id=person_id, token_hash=hashed, expires_at=clock.now() + LASTS))
    response.set_cookie(
        _COOKIE,
        token,
        max_age=LASTS,
        secure=runtime().settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/sign-in",
    )


def is_trusted(session: Session, person_id: int) -> bool:
    """Whether this browser is one of theirs."""
    token = request.cookies.get(_COOKIE)
    if not token:
        return False
    theirs = select(TrustedBrowser.id).where(
        TrustedBrowser.token_hash == token_hash(token),
        TrustedBrowser.person_id == person_id,
        TrustedBrowser.expires_at > clock.now(),
    )
    return session.scalar(theirs) is not None
