"""Once more the password, before something that a borrowed browser must not do; it holds for ten minutes.

Whoever has no password proves themselves by having signed in just now.
"""

from datetime import timedelta

from flask import redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from intranet.accounts import queries, sessions
from intranet.accounts.models import SignIn
from intranet.kernel import clock
from intranet.kernel.viewer import Viewer

LASTS = timedelta(minutes=10)
PAGE = "/settings/prove"


def is_proved(session: Session, viewer: Viewer) -> bool:
    """Whether whoever sits here has just shown that it is them; a program never has."""
    row = session.get(SignIn, sessions.current_sign_in() or 0)
    if row is None or row.person_id != viewer.id:
        return False
    if row.proved_at is not None and clock.now() - row.proved_at < LASTS:
        return True
    return queries.password_hash_of(session, viewer.member_id) is None and queries.came_lately(session, row.id)


def note(session: Session) -> None:
    """They have."""
    row = session.get(SignIn, sessions.current_sign_in() or 0)
    if row is not None:
        row.proved_at = clock.now()


def ask(onward: str) -> ResponseReturnValue:
    """To the page that asks, and from there on to ``onward``, which is one of ours."""
    return redirect(f"{PAGE}?next={onward}", 303)
