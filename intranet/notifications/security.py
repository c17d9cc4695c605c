"""Who can sign in as somebody has changed: they are told here and by mail, at once and whatever they wished.

A mail too, because whoever sits in somebody's browser could see the notice first and read it away.
"""

from collections.abc import Callable
from typing import Any

from flask_babel import force_locale
from sqlalchemy import update
from sqlalchemy.orm import Session

from intranet.accounts import events as accounts
from intranet.accounts.browsers import browser_of
from intranet.accounts.factors import events as factors
from intranet.accounts.letters import security_mail
from intranet.accounts.models import Person, SignIn
from intranet.accounts.passkeys import events as passkeys
from intranet.kernel import clock
from intranet.kernel.languages import SOURCE
from intranet.kernel.mail import send_later
from intranet.kernel.outbox import delivery_of, subscribe
from intranet.notifications.models import Channel, Notice, Source
from intranet.notifications.sentences import SECURITY
from intranet.notifications.telling import Matter, tell

TOLD = (
    accounts.PasswordChanged,
    accounts.AddressChanged,
    accounts.SignedIn,
    accounts.TokenMade,
    accounts.IdentityConnected,
    accounts.IdentityDropped,
    factors.FactorTurnedOn,
    factors.FactorTurnedOff,
    factors.FactorsReset,
    factors.RecoveryCodesMade,
    factors.RecoveryCodeUsed,
    passkeys.PasskeyAdded,
    passkeys.PasskeyRemoved,
)
# Of these only some are news: where they sign in every day, what the machine's own keeper did (a new address from HR's
# list, say), and being let in for the first time by the company's sign-in are not.
_ONLY_IF: dict[type[Any], Callable[[Any], bool]] = {
    accounts.AddressChanged: lambda happened: happened.actor_id is not None,
    accounts.SignedIn: lambda happened: happened.is_unknown,
    accounts.TokenMade: lambda happened: happened.actor_id is not None,
    accounts.IdentityConnected: lambda happened: happened.actor_id is not None,
}


def register() -> None:
    """Listen to every change of how somebody signs in."""
    for event_type in TOLD:
        subscribe("notifications", event_type, changed)


def changed(session: Session, happened: Any) -> None:
    """Tell its person, who is told also of what they did themselves: it may have been somebody else."""
    if not _ONLY_IF.get(type(happened), lambda _happened: True)(happened):
        return
    delivery = delivery_of(session)
    about = f"security:{delivery.event_id}"
    matter = Matter(source=Source.SECURITY, about=about, thread=happened.event_name, actor_id=None)
    person = session.get(Person, happened.person_id)
    if person is None or not tell(session, matter, [person.id]) or not person.email:
        return
    words, where = SECURITY[happened.event_name], _where(session, person, happened)
    key = f"security-{delivery.event_id}"
    send_later(session, security_mail(session, person, key=key, words=words, at=delivery.happened_at, where=where))
    session.flush()
    told = update(Notice).where(Notice.about == about, Notice.person_id == person.id)
    session.execute(told.values(told_at=clock.now(), told_by=Channel.MAIL))


def _where(session: Session, person: Person, happened: Any) -> str:
    """The browser that somebody signed in with and the address it came from, unless it is signed out again."""
    row = session.get(SignIn, happened.sign_in_id) if isinstance(happened, accounts.SignedIn) else None
    if row is None:
        return ""
    with force_locale(person.language or SOURCE):
        return " · ".join(part for part in (browser_of(row.browser).name, row.address) if part)
