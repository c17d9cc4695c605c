"""Mails about an account: who can sign in to it, which nobody can turn off, and the links that lead into one."""

from dataclasses import dataclass
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
from intranet.kernel.viewer import Viewer

ADDRESS_CHANGED = lazy_gettext("Your e-mail address was changed")
_FORMER = "accounts.former-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What stands in such a mail: ``facts`` are lines below its title, ``deed`` is the one button, and ``why`` says at
    the end why it was sent."""

    title: str
    facts: tuple[str, ...]
    words: str
    deed: str
    path: str
    why: str


def _mail(session: Session, letter: Letter, *, key: str, subject: str, to_name: str, to: str) -> Mail:
    said = {"site": site(session), "letter": letter, "address": runtime().settings.address}
    return Mail(
        key=key,
        to_name=to_name,
        to=to,
        subject=subject,
        text=current_app.jinja_env.get_template("email/account.txt").render(**said),
        html=current_app.jinja_env.get_template("email/account.html").render(**said),
    )


def _when_and_where(at: datetime, where: str) -> tuple[str, ...]:
    when = _("%(when)s (UTC)", when=format_datetime(at, "medium", rebase=False))
    return (when, where) if where else (when,)


def security_mail(
    session: Session, person: Person, *, key: str, words: LazyString | str, at: datetime, to: str = "", where: str = ""
) -> Mail:
    """The mail that says in ``words`` what changed, in its reader's language; to their own address unless ``to`` is
    another. ``where`` is what is known of the device."""
    with force_locale(person.language or SOURCE):
        changed = str(words)
        letter = Letter(
            title=f"{changed}, {person.name.split(' ', 1)[0]}",
            facts=_when_and_where(at, where),
            words=_(
                "If it was you, all is well. If it was not: sign out everywhere, change your password, and tell "
                "whoever runs Couth at once."
            ),
            deed=_("Look at it in Couth"),
            path="/settings/security",
            why=_("You always get these mails: they are about who can sign in as you."),
        )
        to = to or person.email or ""
        return _mail(session, letter, key=key, subject=changed, to_name=person.name, to=to)


def reset_mail(session: Session, person: Person, *, path: str, asked_at: datetime, where: str) -> Mail:
    """The mail with the link to a new password, in its reader's language; ``where`` is the address that asked."""
    with force_locale(person.language or SOURCE):
        letter = Letter(
            title=_("A new password, %(name)s?", name=person.name.split(" ", 1)[0]),
            facts=_when_and_where(asked_at, where),
            words=_(
                "Somebody, most likely you, said that they forgot the password of %(username)s. The link works once, "
                "for an hour. If it was not you, do nothing: your password stays as it is, and nobody has seen it.",
                username=f"@{person.username}",
            ),
            deed=_("Choose a new password"),
            path=path,
            why=_("You always get these mails: they are about who can sign in as you."),
        )
        subject = _("A new password for Couth")
        return _mail(
            session, letter, key=f"reset-{new_id()}", subject=subject, to_name=person.name, to=person.email or ""
        )


def mail_invitation(session: Session, viewer: Viewer, *, to: str, path: str) -> None:
    """Have the link that makes an account sent where mail reaches people, in the language of whoever invites."""
    inviter = session.get(Person, viewer.id)
    if inviter is None or not runtime().settings.sends_mail:
        return
    company = site(session).name
    letter = Letter(
        title=_("%(name)s invites you to %(company)s", name=inviter.name, company=company),
        facts=(),
        words=_(
            "Couth is where colleagues find out who knows what, and say what they learned themselves. The link makes "
            "your account. It works once, for 14 days."
        ),
        deed=_("Make my account"),
        path=path,
        why=_("You get this mail because %(name)s gave your address.", name=inviter.name),
    )
    send_later(session, _mail(session, letter, key=f"invitation-{new_id()}", subject=letter.title, to_name="", to=to))


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
