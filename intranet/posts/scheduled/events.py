"""What happens to posts for later; their authors alone hear of it."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("schedule.changed")
@dataclass(frozen=True, slots=True)
class ScheduleChanged:
    """A post for later went out, came back, or is another now. ``has_failed``: it could not go out at its moment."""

    recipient_id: int
    scheduled_id: int
    has_failed: bool = False
