"""Wanting to come back to a message, letting that go, and being told once its moment has come."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.chat.finding import find_message
from intranet.chat.models import Message
from intranet.kernel import clock, jobs
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import delivery_of, record, subscribe
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Source
from intranet.notifications.policy import NoticePermission
from intranet.notifications.reminders.events import ReminderFellDue
from intranet.notifications.reminders.models import MessageReminder
from intranet.notifications.reminders.queries import waiting_count
from intranet.notifications.telling import Matter, tell

MOST = 200
_FARTHEST = timedelta(days=366)
_DUE = "notifications.reminder-due"


def register() -> None:
    """Listen to what falls due."""
    subscribe("notifications", ReminderFellDue, tell_of)


def remind(session: Session, viewer: Viewer, message_id: int, *, at: datetime) -> MessageReminder:
    """Tell the viewer of a message at a moment; another moment takes the place of an earlier choice.

    Raises:
        NotFound: it is not there for this viewer.
        Invalid: the moment is over or too far away, or too many wait already.
    """
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    message = find_message(session, message_id)
    if at <= clock.now():
        raise Invalid({"at": str(_("That time is over."))})
    if at > clock.now() + _FARTHEST:
        raise Invalid({"at": str(_("That is more than a year away."))})
    row = session.get(MessageReminder, (viewer.member_id, message.id))
    if row is None:
        if waiting_count(session, viewer) >= MOST:
            raise Invalid({"at": str(_("At most %(count)s reminders can wait at a time.", count=MOST))})
        row = MessageReminder(person_id=viewer.member_id, message_id=message.id, at=at)
        session.add(row)
    row.at = at
    who = {"person_id": str(viewer.member_id), "message_id": str(message.id)}
    jobs.later(session, _DUE, who, at=at)
    return row


def let_go(session: Session, viewer: Viewer, message_id: int) -> None:
    """Be told of it no more; also of what is not there any more."""
    row = session.get(MessageReminder, (viewer.member_id, message_id))
    if row is not None:
        session.delete(row)


@jobs.job(_DUE)
def fall_due(session: Session, payload: dict[str, Any]) -> None:
    """Nothing where it was let go, or put off: a later choice has a job of its own."""
    row = session.get(MessageReminder, (int(payload["person_id"]), int(payload["message_id"])))
    if row is not None and row.at <= clock.now():
        record(session, ReminderFellDue(row.message_id, row.person_id))
        session.delete(row)


def tell_of(session: Session, happened: ReminderFellDue) -> None:
    """One notice with the words, each time; nothing where the message is gone, or not theirs to read any more. It comes
    from nobody: also one's own words, and those of somebody whom one mutes, are told."""
    message = session.get(Message, happened.message_id)
    if message is None or message.deleted_at is not None:
        return
    matter = Matter(
        source=Source.REMIND_ME,
        about=f"remind-me:{message.id}:{delivery_of(session).event_id}",
        thread=f"remind-me:{message.id}",
        actor_id=None,
        audience_id=message.audience_id,
        item_id=message.id,
        subject_id=message.conversation_id,
    )
    tell(session, matter, [happened.recipient_id])
