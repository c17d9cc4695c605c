"""What came back to its author: a post for later that could not go out, and what moderators decided."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.outbox import delivery_of, record, subscribe
from intranet.notifications.events import NoticesChanged
from intranet.notifications.models import REMOVED, Notice, Source
from intranet.notifications.telling import Matter, tell
from intranet.people.events import PersonJudged
from intranet.posts import events as post_events
from intranet.posts.anonymous.queries import writer_behind
from intranet.posts.scheduled.events import ScheduleChanged
from intranet.posts.scheduled.models import ScheduledPost


def register() -> None:
    """Listen to it."""
    for event_type, handler in (
        (ScheduleChanged, came_back),
        (PersonJudged, judged),
        (post_events.ItemRemoved, removed),
        (post_events.ItemGivenBack, given_back),
        (post_events.PostFrozen, closed),
        (post_events.PostThawed, thawed),
    ):
        subscribe("notifications", event_type, handler)  # type: ignore[arg-type]  # each with its own event


def came_back(session: Session, happened: ScheduleChanged) -> None:
    """Once for each moment at which it could not go out; what waits again, or is gone, needs nobody."""
    row = session.get(ScheduledPost, happened.scheduled_id)
    if row is None or not row.reason:
        _drop_unread(session, happened.scheduled_id)
    if row is None or not row.reason or not happened.has_failed:
        return
    matter = Matter(
        source=Source.CAME_BACK,
        about=f"came-back:{row.id}:{int(row.goes_at.timestamp())}",
        thread=f"came-back:{row.id}",
        actor_id=None,
        subject_id=row.id,
    )
    tell(session, matter, [row.author_id])


def _drop_unread(session: Session, scheduled_id: int) -> None:
    about_it = (Notice.source == Source.CAME_BACK, Notice.thread == f"came-back:{scheduled_id}")
    for notice in session.scalars(select(Notice).where(*about_it, Notice.read_at.is_(None))):
        session.delete(notice)
        record(session, NoticesChanged(notice.person_id))


def judged(session: Session, happened: PersonJudged) -> None:
    """A decision about a report: to whose it is, or to who reported it."""
    _tell_of(session, Source(happened.verdict), "judged:", happened.subject_id, happened.recipient_id)


def removed(session: Session, happened: post_events.ItemRemoved) -> None:
    """Taken away by a moderator without a report."""
    author = writer_behind(session, happened.item_id, happened.person_id)
    _tell_of(session, Source.HIDDEN, REMOVED, happened.item_id, author)


def given_back(session: Session, happened: post_events.ItemGivenBack) -> None:
    author = writer_behind(session, happened.item_id, happened.person_id)
    _tell_of(session, Source.GIVEN_BACK, REMOVED, happened.item_id, author)


def closed(session: Session, happened: post_events.PostFrozen) -> None:
    author = writer_behind(session, happened.post_id, happened.person_id)
    _tell_of(session, Source.CLOSED, REMOVED, happened.post_id, author, by=happened.actor_id)


def thawed(session: Session, happened: post_events.PostThawed) -> None:
    author = writer_behind(session, happened.post_id, happened.person_id)
    _tell_of(session, Source.GIVEN_BACK, REMOVED, happened.post_id, author, by=happened.actor_id)


def _tell_of(
    session: Session, source: Source, thread: str, subject_id: int, person_id: int, *, by: int | None = None
) -> None:
    """Each decision is a notice of its own, without the name of who made it; nobody is told what they did ``by``
    themselves."""
    matter = Matter(
        source=source,
        about=f"{source}:{subject_id}:{delivery_of(session).event_id}",
        thread=f"{thread}{source}:{subject_id}",
        actor_id=None,
        subject_id=subject_id,
    )
    tell(session, matter, [person_id] if person_id != by else [])
