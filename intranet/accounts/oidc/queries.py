"""Reads about the company's sign-in."""

from datetime import UTC, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from intranet.accounts.oidc.models import Ending, Identity


def identities_of(session: Session, person_id: int) -> list[Identity]:
    """By which names elsewhere a person comes in; at most twenty."""
    held = select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)
    return list(session.scalars(held.limit(20)))


def was_ended(session: Session, person_id: int, company_session: str | None, *, since: float) -> bool:
    """Whether somebody who came in at that moment, from that session at the company, signed out there meanwhile."""
    later = Ending.at >= datetime.fromtimestamp(since, UTC)
    theirs = or_(Ending.person_id == person_id, Ending.person_id.is_(None))
    this_one = or_(Ending.company_session == company_session, Ending.company_session.is_(None))
    return bool(session.scalar(select(exists().where(later, theirs, this_one))))
