"""Sessions and links that are over go, so that their tables stay as small as the company."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from intranet.accounts.factors import keeping as factors
from intranet.accounts.models import OneTimeLink, SignIn
from intranet.kernel import clock, jobs

_LINKS_KEPT = timedelta(days=90)


@jobs.job("accounts.prune", every=timedelta(hours=12))
def prune(session: Session, _payload: dict[str, Any]) -> None:
    """Forget expired sessions, and links some months after their end; the audit log keeps that they were."""
    session.execute(delete(SignIn).where(SignIn.expires_at < clock.now()))
    factors.prune(session)
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < clock.now() - _LINKS_KEPT))
