"""A person's windows learn that their notices changed: the count, and which one is new."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.live import presents
from intranet.kernel.viewer import Viewer
from intranet.notifications.events import NoticesChanged
from intranet.notifications.models import Level
from intranet.notifications.queries import find_notice, unread_count
from intranet.notifications.quiet import quiet_of


def changed(session: Session, happened: NoticesChanged) -> dict[str, Any]:
    """``notice`` is there where something new came that its owner wants to hear of now and is not left alone."""
    viewer = Viewer(happened.recipient_id)
    notice = find_notice(session, viewer, happened.notice_id) if happened.notice_id is not None else None
    is_new = notice is not None and notice.read_at is None and notice.level is Level.NOW
    is_quiet = is_new and quiet_of(session, happened.recipient_id).holds_at(clock.now())
    return {
        "unread": unread_count(session, viewer),
        "notice": str(notice.id) if notice is not None and is_new and not is_quiet else None,
        "post": str(notice.post_id) if notice is not None and notice.post_id is not None else None,
    }


def set_up() -> None:
    """Have the change pushed; called once at start."""
    presents(NoticesChanged, changed)
