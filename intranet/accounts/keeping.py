"""Sessions and links that are over go, so that their tables stay as small as the company."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from intranet.accounts.factors import keeping as factors
from intranet.accounts.factors import waiting
from intranet.accounts.models import OneTimeLink, SignIn
from intranet.accounts.oidc.models import Ending
from intranet.kernel import clock, jobs

_LINKS_KEPT = timedelta(days=90)
_ENDINGS_KEPT = 2 * waiting.LASTS


@jobs.job("accounts.prune", every=timedelta(hours=12))
def prune(session: Session, _payload: dict[str, Any]) -> None:
    """Forget expired sessions, who signed out elsewhere, and links some months after their end; the audit log keeps
    that they were."""
    session.execute(delete(SignIn).where(SignIn.expires_at < clock.now()))
    session.execute(delete(Ending).where(Ending.at < clock.now() - _ENDINGS_KEPT))
    factors.prune(session)
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < clock.now() - _LINKS_KEPT))
