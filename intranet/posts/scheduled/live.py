"""What an author's open pages are told of their posts for later."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel.live import presents
from intranet.posts.scheduled.events import ScheduleChanged
from intranet.posts.scheduled.models import ScheduledPost


def changed(session: Session, event: ScheduleChanged) -> dict[str, Any]:
    """``reason`` is set where it came back; ``is_waiting`` is false once it is neither."""
    waiting = session.get(ScheduledPost, event.scheduled_id)
    return {
        "id": str(event.scheduled_id),
        "waiting": waiting is not None and not waiting.reason,
        "reason": waiting.reason if waiting else "",
    }


def set_up() -> None:
    """Have it pushed; called once at start."""
    presents(ScheduleChanged, changed)
