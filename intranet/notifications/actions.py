"""Reading notices, taking that back, and saying what one wants to be told of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Invalid, NotFound
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.notifications import keywords
from intranet.notifications.events import NoticesChanged
from intranet.notifications.levels import DEFAULTS
from intranet.notifications.models import Digest, Level, Notice, Rhythm, Source, Wish
from intranet.notifications.policy import NoticePermission
from intranet.notifications.queries import find_notice
from intranet.people.actions import set_focus


def read_all(session: Session, viewer: Viewer, *, up_to: int) -> datetime:
    """Everything up to a notice is read; returns the moment, by which ``unread`` takes it back."""
    return _read(session, viewer, Notice.id <= up_to)


def read_thread(session: Session, viewer: Viewer, notice_id: int) -> datetime:
    """The notice, and whatever else is unread of its thread; returns the moment as ``read_all`` does.

    Raises:
        NotFound: it is not the viewer's.
    """
    notice = find_notice(session, viewer, notice_id)
    if notice is None:
        raise NotFound
    return _read(session, viewer, Notice.thread == notice.thread)


def read_post(session: Session, viewer: Viewer, post_id: int) -> None:
    """The post was opened: what was to be said of it has been seen."""
    _read(session, viewer, Notice.post_id == post_id)


def read_messages(session: Session, viewer: Viewer, ids: Collection[int]) -> None:
    """Messages were seen where they were said."""
    if ids:
        _read(session, viewer, Notice.item_id.in_(ids))


def _read(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> datetime:
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    moment = clock.now()
    mine = select(Notice.id).where(Notice.person_id == viewer.member_id, Notice.read_at.is_(None), which)
    if session.scalar(mine.limit(1)) is not None:
        changed = update(Notice).where(Notice.id.in_(mine)).values(read_at=moment)
        session.execute(changed, execution_options={"synchronize_session": False})
        record(session, NoticesChanged(viewer.member_id))
    return moment


def unread(session: Session, viewer: Viewer, *, since: datetime) -> None:
    """Take back what was marked as read at one moment."""
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    mine = (Notice.person_id == viewer.member_id, Notice.read_at == since)
    session.execute(update(Notice).where(*mine).values(read_at=None), execution_options={"synchronize_session": False})
    record(session, NoticesChanged(viewer.member_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All that a person says about being told; times are minutes of their day."""

    levels: Mapping[Source, Level]
    quiet_from: int | None
    quiet_to: int | None
    quiet_days: tuple[int, ...]
    mails_now: bool
    digest: Digest
    digest_at: int
    keywords: tuple[str, ...]


def save_wishes(session: Session, viewer: Viewer, wishes: Wishes) -> None:
    """Keep what the viewer wants; a level that is the source's own default needs no row.

    Raises:
        Invalid: too many keywords, or half a quiet time.
    """
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    if len(wishes.keywords) > keywords.MOST:
        raise Invalid({"keywords": str(_("At most %(count)s words.", count=keywords.MOST))})
    if (wishes.quiet_from is None) != (wishes.quiet_to is None):
        raise Invalid({"quiet_to": str(_("Quiet hours need a beginning and an end."))})
    session.execute(delete(Wish).where(Wish.person_id == viewer.member_id))
    chosen = {source: level for source, level in wishes.levels.items() if level is not DEFAULTS[source]}
    session.add_all(Wish(person_id=viewer.member_id, source=source, level=level) for source, level in chosen.items())
    rhythm = rhythm_of(session, viewer.member_id)
    rhythm.quiet_from, rhythm.quiet_to = wishes.quiet_from, wishes.quiet_to
    rhythm.quiet_days, rhythm.mails_now = list(wishes.quiet_days), wishes.mails_now
    rhythm.digest, rhythm.digest_at = wishes.digest, wishes.digest_at
    keywords.keep(session, viewer.member_id, list(wishes.keywords))


def snooze(session: Session, viewer: Viewer, *, until: datetime | None) -> None:
    """Be left alone until then, as colleagues see too; None ends it."""
    require(NoticePermission.KEEP, viewer, viewer.member_id)
    set_focus(session, viewer, until=until)


def rhythm_of(session: Session, person_id: int) -> Rhythm:
    """The person's row, made where there is none."""
    found = session.get(Rhythm, person_id)
    if found is None:
        found = Rhythm(person_id=person_id, quiet_days=[])
        session.add(found)
        session.flush()
    return found
