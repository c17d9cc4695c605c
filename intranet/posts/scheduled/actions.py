"""Putting a post off, changing one's mind, and publishing it when its moment has come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.files.actions import hold, release
from intranet.kernel import clock, jobs
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.publishing import publish_post
from intranet.posts.forms import PostForm
from intranet.posts.models import Post
from intranet.posts.scheduled.events import ScheduleChanged
from intranet.posts.scheduled.models import LONGEST_REASON, MOST_WAITING, ScheduledPost
from intranet.posts.sending import tell_companions

PUBLISH = "posts.publish_scheduled"
ALONG = "along"
_FARTHEST = timedelta(days=366)


def schedule_post(session: Session, viewer: Viewer, fields: Mapping[str, Any], *, goes_at: datetime) -> ScheduledPost:
    """Have what the composer holds go out at ``goes_at``. What could not be posted now cannot be put off either.

    Raises:
        Invalid: the moment is over or too far away, there are too many, or it could not be posted.
        NotFound, Refused: it could not be posted.
    """
    _require_moment(goes_at)
    mine = select(func.count()).where(ScheduledPost.author_id == viewer.member_id)
    if (session.scalar(mine) or 0) >= MOST_WAITING:
        raise Invalid({"goes_at": str(_("At most %(count)s posts can wait at a time.", count=MOST_WAITING))})
    form = PostForm.parse(fields)
    _rehearse(session, viewer, form, _along(fields))
    hold(session, viewer, form.file_ids)
    waiting = ScheduledPost(
        author_id=viewer.member_id, audience_id=form.audience_id, fields=dict(fields), goes_at=goes_at
    )
    session.add(waiting)
    session.flush()
    _wake_for(session, waiting)
    return waiting


def _require_moment(goes_at: datetime) -> None:
    if goes_at <= clock.now():
        raise Invalid({"goes_at": str(_("That time is over."))})
    if goes_at > clock.now() + _FARTHEST:
        raise Invalid({"goes_at": str(_("That is more than a year away."))})


def _along(fields: Mapping[str, Any]) -> Mapping[str, str]:
    """What features above let the composer carry along, kept beside its own fields."""
    kept = fields.get(ALONG)
    return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, Mapping) else {}


def _rehearse(session: Session, viewer: Viewer, form: PostForm, along: Mapping[str, str]) -> None:
    """Publish it, and undo that: whatever kind it is, the same rules speak now as later."""
    events = session.info.setdefault("events", [])
    before = len(events)
    rehearsal = session.begin_nested()
    try:
        tell_companions(session, viewer, publish_post(session, viewer, form.draft(form.file_ids)), along)
    finally:
        rehearsal.rollback()
        del events[before:]


def _wake_for(session: Session, waiting: ScheduledPost) -> None:
    jobs.later(session, PUBLISH, {"scheduled_id": waiting.id}, at=waiting.goes_at)
    record(session, ScheduleChanged(waiting.author_id, waiting.id))


def find_mine(session: Session, viewer: Viewer, scheduled_id: int, *, for_update: bool = True) -> ScheduledPost:
    """One of the viewer's own posts for later.

    Raises:
        NotFound: there is none.
    """
    waiting = session.get(ScheduledPost, scheduled_id, with_for_update=for_update)
    if waiting is None or waiting.author_id != viewer.member_id:
        raise NotFound
    return waiting


def change_scheduled(session: Session, viewer: Viewer, scheduled_id: int, *, text: str, goes_at: datetime) -> None:
    """Say something else, or at another moment; what came back waits for its moment again.

    Raises:
        NotFound, Invalid, Refused: as for a new one.
    """
    waiting = find_mine(session, viewer, scheduled_id)
    _require_moment(goes_at)
    fields = {**waiting.fields, "text": text}
    form = PostForm.parse(fields)
    release(session, viewer, form.file_ids)
    _rehearse(session, viewer, form, _along(fields))
    hold(session, viewer, form.file_ids)
    waiting.fields, waiting.goes_at, waiting.reason = fields, goes_at, ""
    _wake_for(session, waiting)


def send_now(session: Session, viewer: Viewer, scheduled_id: int) -> Post:
    """Publish it; the row goes in the same transaction, so that it happens once whoever else tries.

    Raises:
        NotFound: it is not there, or its audience is not.
        Invalid, Refused: it can no longer be posted.
    """
    waiting = find_mine(session, viewer, scheduled_id)
    form = PostForm.parse(waiting.fields)
    release(session, viewer, form.file_ids)
    post = publish_post(session, viewer, form.draft(form.file_ids))
    tell_companions(session, viewer, post, _along(waiting.fields))
    session.delete(waiting)
    record(session, ScheduleChanged(waiting.author_id, waiting.id))
    return post


def bring_back(session: Session, viewer: Viewer, scheduled_id: int, reason: str, *, has_failed: bool = False) -> None:
    """Give it back to its author with the reason; it keeps its words and files. With ``has_failed`` it was to go out
    and could not.

    Raises:
        NotFound: it is not there.
    """
    waiting = find_mine(session, viewer, scheduled_id)
    waiting.reason = reason[:LONGEST_REASON]
    record(session, ScheduleChanged(waiting.author_id, waiting.id, has_failed=has_failed))


def discard_scheduled(session: Session, viewer: Viewer, scheduled_id: int) -> None:
    """Forget it; its files are swept up like any that hang on nothing.

    Raises:
        NotFound: it is not there.
    """
    waiting = find_mine(session, viewer, scheduled_id)
    release(session, viewer, PostForm.parse(waiting.fields).file_ids)
    session.delete(waiting)
    record(session, ScheduleChanged(waiting.author_id, waiting.id))
