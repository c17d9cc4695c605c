"""When a moment has come that somebody chose."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("reminder.due")
@dataclass(frozen=True, slots=True)
class ReminderFellDue:
    """``recipient_id`` wanted to come back to the message now."""

    message_id: int
    recipient_id: int
