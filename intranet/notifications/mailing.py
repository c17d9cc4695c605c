"""What was not seen, by mail: soon for what needs somebody, once a day or week for the rest.

A notice is mailed once: finding it, writing the mail and marking the notice as told are one transaction with the
mail's place in the queue.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.mail import Mail, send_later
from intranet.kernel.viewer import Viewer
from intranet.notifications.letters import Letter, write_letter
from intranet.notifications.models import Channel, Level, MailDue, Notice, Rhythm
from intranet.notifications.quiet import quiet_of

PATIENCE = timedelta(minutes=10)  # to be seen in the application first
WRITE = "notifications.mail"
_TOGETHER = 200


def mail_unless_seen(session: Session, people: Iterable[int], moment: datetime) -> None:
    """See to it that these people are mailed what they have not seen by then."""
    wanted = set(people)
    waiting = set(session.scalars(select(MailDue.person_id).where(MailDue.person_id.in_(wanted))))
    session.add_all(MailDue(person_id=one, at=moment + PATIENCE) for one in sorted(wanted - waiting))


@jobs.job("notifications.mail-due", every=timedelta(minutes=1))
def start_due(session: Session, _payload: dict[str, Any]) -> None:
    """Have mails written for whom the time has come; who is to be left alone waits until that ends."""
    found = select(MailDue).where(MailDue.at <= clock.now()).order_by(MailDue.at).limit(_TOGETHER)
    for due in session.scalars(found).all():
        quiet = quiet_of(session, due.person_id)
        if quiet.holds_at(clock.now()):
            due.at = quiet.ends_after(clock.now())
            continue
        session.delete(due)
        if _wants_mail(session, due.person_id):
            jobs.later(session, WRITE, {"person_id": str(due.person_id), "is_digest": False})


def _wants_mail(session: Session, person_id: int) -> bool:
    rhythm = session.get(Rhythm, person_id)
    return rhythm is None or rhythm.mails_now


def _write(database: Database, payload: dict[str, Any]) -> Letter | None:
    """The slow part: the letter as this person's own session reads it, so that nothing stands in it that they may
    not read."""
    person_id, is_digest = int(payload["person_id"]), bool(payload["is_digest"])
    with database.reading(Viewer(person_id)) as session:
        person = session.get(Person, person_id)
        if person is None or not person.email or person.deactivated_at is not None:
            return None
        levels = tuple(Level) if is_digest else (Level.NOW,)
        return write_letter(session, person, levels=levels, is_digest=is_digest)


@jobs.slow_job(WRITE, _write)
def queue(session: Session, _payload: dict[str, Any], letter: Letter | None) -> None:
    """Put the letter into the queue of mails, and mark what it tells; what another letter told meanwhile is not
    told again."""
    if letter is None:
        return
    untold = select(Notice.id).where(Notice.id.in_(letter.notices), Notice.told_at.is_(None))
    fresh = list(session.scalars(untold))
    if not fresh:
        return
    session.execute(update(Notice).where(Notice.id.in_(fresh)).values(told_at=clock.now(), told_by=Channel.MAIL))
    send_later(session, Mail(**letter.mail))
