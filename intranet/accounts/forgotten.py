"""A forgotten password where mail reaches people: the link to a new one goes to the address that is known already.

Whoever asks is told the same whether or not there is such an account, and as quickly: the worker looks.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts import links, queries
from intranet.accounts.letters import reset_mail
from intranet.accounts.models import LinkPurpose, OneTimeLink, Person
from intranet.config import Settings
from intranet.kernel import clock, jobs
from intranet.kernel.mail import send_later

_ASKED = "accounts.forgotten"
_MOST, _WITHIN = 3, timedelta(hours=1)  # mails to one person, whoever asks for them


def is_offered(settings: Settings) -> bool:
    """Whether a link would arrive, and would be of use."""
    return settings.passwords and settings.sends_mail


def ask(session: Session, login: str, *, where: str) -> None:
    """Have the link sent to whoever signs in with that, if anybody does; ``where`` is the address that asked."""
    jobs.later(session, _ASKED, {"login": login, "where": where, "at": clock.now().isoformat()})


@jobs.job(_ASKED)
def _send_link(session: Session, payload: dict[str, Any]) -> None:
    person_id, _password_hash = queries.credential_for_sign_in(session, str(payload["login"]))
    person = session.get(Person, person_id) if person_id else None
    if person is None or not person.email or _mailed_lately(session, person.id) >= _MOST:
        return
    path, asked_at = links.mailed_reset(session, person), datetime.fromisoformat(payload["at"])
    send_later(session, reset_mail(session, person, path=path, asked_at=asked_at, where=str(payload["where"])))


def _mailed_lately(session: Session, person_id: int) -> int:
    made = select(func.count(OneTimeLink.id)).where(
        OneTimeLink.purpose == LinkPurpose.RESET,
        OneTimeLink.person_id == person_id,
        OneTimeLink.made_by.is_(None),
        OneTimeLink.created_at > clock.now() - _WITHIN,
    )
    return session.scalar(made) or 0
