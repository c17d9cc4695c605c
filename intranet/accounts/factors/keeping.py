"""Taking second factors away: with a leaver, by a reset, and what is over by itself."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from intranet.accounts.factors.models import Authenticator, RecoveryCode, TrustedBrowser
from intranet.accounts.passkeys.models import Passkey, PasskeyChallenge
from intranet.kernel import clock


def forget_factors(session: Session, person_id: int) -> None:
    """Everything by which a person proves themselves a second time, passkeys too."""
    forget_codes(session, person_id)
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))


def forget_codes(session: Session, person_id: int) -> None:
    """The authenticator and what stands in for it."""
    for table in (Authenticator, RecoveryCode, TrustedBrowser):
        session.execute(delete(table).where(table.person_id == person_id))


def forget_browsers(session: Session, person_id: int) -> None:
    """Every browser of theirs is asked again."""
    session.execute(delete(TrustedBrowser).where(TrustedBrowser.person_id == person_id))


def prune(session: Session) -> None:
    """Browsers and challenges whose time is over."""
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < clock.now()))
    session.execute(delete(TrustedBrowser).where(TrustedBrowser.expires_at < clock.now()))
