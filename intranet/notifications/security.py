"""Who can sign in as somebody has changed: they are told here and by mail, at once and whatever they wished.

A mail too, because whoever sits in somebody's browser could see the notice first and read it away.
"""

from typing import Any

from flask import current_app
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from intranet.accounts.factors import events as factors
from intranet.accounts.models import Person
from intranet.accounts.passkeys import events as passkeys
from intranet.accounts.queries import site
from intranet.kernel import clock
from intranet.kernel.languages import SOURCE
from intranet.kernel.mail import Mail, send_later
from intranet.kernel.outbox import delivery_of, subscribe
from intranet.kernel.runtime import runtime
from intranet.notifications.models import Channel, Notice, Source
from intranet.notifications.sentences import SECURITY
from intranet.notifications.telling import Matter, tell

TOLD = (
    factors.FactorTurnedOn,
    factors.FactorTurnedOff,
    factors.FactorsReset,
    factors.RecoveryCodesMade,
    factors.RecoveryCodeUsed,
    passkeys.PasskeyAdded,
    passkeys.PasskeyRemoved,
)


def register() -> None:
    """Listen to every change of how somebody signs in."""
    for event_type in TOLD:
        subscribe("notifications", event_type, changed)


def changed(session: Session, happened: Any) -> None:
    """Tell its person, who is told also of what they did themselves: it may have been somebody else."""
    about = f"security:{delivery_of(session).event_id}"
    matter = Matter(source=Source.SECURITY, about=about, thread=happened.event_name, actor_id=None)
    person = session.get(Person, happened.person_id)
    if person is None or not tell(session, matter, [person.id]) or not person.email:
        return
    send_later(session, _letter(session, person, happened.event_name))
    session.flush()
    told = update(Notice).where(Notice.about == about, Notice.person_id == person.id)
    session.execute(told.values(told_at=clock.now(), told_by=Channel.MAIL))


def _letter(session: Session, person: Person, name: str) -> Mail:
    delivery = delivery_of(session)
    with force_locale(person.language or SOURCE):
        parts: dict[str, Any] = {
            "site": site(session),
            "name": person.name.split(" ", 1)[0],
            "words": str(SECURITY[name]),
            "when": _("%(when)s (UTC)", when=format_datetime(delivery.happened_at, "long", rebase=False)),
            "address": runtime().settings.address,
        }
        return Mail(
            key=f"security-{delivery.event_id}",
            to_name=person.name,
            to=person.email or "",
            subject=parts["words"],
            text=current_app.jinja_env.get_template("email/security.txt").render(**parts),
            html=current_app.jinja_env.get_template("email/security.html").render(**parts),
        )
