"""What was not asked for again for long is forgotten."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.kernel import clock, jobs
from intranet.links.models import LinkPage

_STEP = 500


@jobs.job("links.prune", every=timedelta(hours=6))
def prune(session: Session, _payload: dict[str, Any]) -> None:
    """Forget pages that are out of date, some hundred a turn."""
    old = select(LinkPage.url_sha256).where(LinkPage.expires_at < clock.now()).limit(_STEP)
    session.execute(delete(LinkPage).where(LinkPage.url_sha256.in_(old)))
