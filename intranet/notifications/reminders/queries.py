"""What somebody waits to come back to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.chat.cards import MessageCard
from intranet.chat.models import Message
from intranet.chat.queries import cards_of
from intranet.kernel.viewer import Viewer
from intranet.notifications.reminders.models import MessageReminder


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message, and when its reader is told of it."""

    message: MessageCard
    at: datetime


def waiting(session: Session, viewer: Viewer) -> list[Waiting]:
    """The viewer's own, the next first; what is gone, or not theirs to read any more, is missing. All that may wait."""
    mine = select(MessageReminder).where(MessageReminder.person_id == viewer.member_id).order_by(MessageReminder.at)
    rows = session.scalars(mine).all()
    found = cards_of(session, viewer, [row.message_id for row in rows])
    cards = {card.id: card for card in found if not card.is_deleted}
    return [Waiting(cards[row.message_id], row.at) for row in rows if row.message_id in cards]


def waiting_count(session: Session, viewer: Viewer) -> int:
    """How many of them wait, as the list has them."""
    mine = (
        select(func.count(Message.id))
        .join(MessageReminder, MessageReminder.message_id == Message.id)
        .where(MessageReminder.person_id == viewer.member_id, Message.deleted_at.is_(None))
    )
    return session.scalar(mine) or 0
