"""Challenges: made for one browser and one purpose, signed once. Half is in its cookie, half in the database.

The cookie alone could be sent twice; the row goes with the first answer, also with a wrong one.
"""

from datetime import timedelta
from enum import StrEnum

from flask import session as cookie
from sqlalchemy import delete
from sqlalchemy.orm import Session

from intranet.accounts.passkeys.models import PasskeyChallenge
from intranet.accounts.sessions import token_hash
from intranet.kernel import clock
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system

LASTS = timedelta(minutes=5)
_KEY = "passkey"
_keeper = system(reason="accounts: challenges of passkeys are nobody's rows")


class Purpose(StrEnum):
    """What a signed challenge is good for."""

    SIGN_IN = "sign-in"
    ADD = "add"
    PROVE = "prove"


def hand_out(session: Session, challenge: str, purpose: Purpose, person_id: int | None) -> None:
    """Remember a challenge for this browser; an earlier one is not answered any more."""
    session.add(PasskeyChallenge(challenge_hash=token_hash(challenge), expires_at=clock.now() + LASTS))
    cookie[_KEY] = [purpose.value, str(person_id or ""), challenge]


def take(purpose: Purpose, person_id: int | None) -> str | None:
    """The challenge that this browser was given for this; None where there is none, or it was answered. Call it
    outside of any transaction: it is spent whatever comes of the answer."""
    held = cookie.pop(_KEY, None)
    if not held or held[:2] != [purpose.value, str(person_id or "")]:
        return None
    challenge: str = held[2]
    spent = runtime().database.transact(_keeper, lambda session: _spend(session, challenge))
    return challenge if spent else None


def _spend(session: Session, challenge: str) -> bool:
    meant = PasskeyChallenge.challenge_hash == token_hash(challenge)
    gone = delete(PasskeyChallenge).where(meant, PasskeyChallenge.expires_at > clock.now())
    return session.execute(gone.returning(PasskeyChallenge.id)).first() is not None
