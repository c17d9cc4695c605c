"""Reads about the company's sign-in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.oidc.models import Identity


def identities_of(session: Session, person_id: int) -> list[Identity]:
    """By which names elsewhere a person comes in; at most twenty."""
    held = select(Identity).where(Identity.person_id == person_id).order_by(Identity.id)
    return list(session.scalars(held.limit(20)))
