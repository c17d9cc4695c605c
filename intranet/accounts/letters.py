"""Mails about who can sign in as somebody: the only ones that nobody can turn off."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import LazyString, force_locale, format_datetime, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import site
from intranet.kernel import clock, jobs
from intranet.kernel.ids import new_id
from intranet.kernel.languages import SOURCE
from intranet.kernel.mail import Mail, send_later
from intranet.kernel.runtime import runtime

ADDRESS_CHANGED = lazy_gettext("Your e-mail address was changed")
_FORMER = "accounts.former-address"


def security_mail(
    session: Session, person: Person, *, key: str, words: LazyString | str, at: datetime, to: str = "", where: str = ""
) -> Mail:
    """The mail that says in ``words`` what changed, in its reader's language; to their own address unless ``to`` is
    another. ``where`` is what is known of the device."""
    with force_locale(person.language or SOURCE):
        parts: dict[str, Any] = {
            "site": site(session),
            "name": person.name.split(" ", 1)[0],
            "words": str(words),
            "when": _("%(when)s (UTC)", when=format_datetime(at, "medium", rebase=False)),
            "where": where,
            "address": runtime().settings.address,
        }
        return Mail(
            key=key,
            to_name=person.name,
            to=to or person.email or "",
            subject=parts["words"],
            text=current_app.jinja_env.get_template("email/security.txt").render(**parts),
            html=current_app.jinja_env.get_template("email/security.html").render(**parts),
        )


def tell_former_address(session: Session, person_id: int, former: str | None) -> None:
    """Have whoever reads mail at the address that somebody had until now hear that it is theirs no more: where
    somebody else changed it, the new one is that somebody's."""
    if former:
        jobs.later(session, _FORMER, {"person_id": str(person_id), "to": former, "key": str(new_id())})


@jobs.job(_FORMER)
def _to_former_address(session: Session, payload: dict[str, Any]) -> None:
    person = session.get(Person, int(payload["person_id"]))
    if person is None or person.deactivated_at is not None:
        return
    key, to = f"security-{payload['key']}", str(payload["to"])
    send_later(session, security_mail(session, person, key=key, words=ADDRESS_CHANGED, at=clock.now(), to=to))
