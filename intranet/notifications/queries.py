"""Reads of the ledger: counts, and notices grouped by what they are about."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from intranet.kernel import apart
from intranet.kernel.page import Page, decode_cursor, encode_cursor, moment_of
from intranet.kernel.prepared import Prepared
from intranet.kernel.together import READER
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import CANNOT_BE_MISSED, Level, Notice, Source
from intranet.people.cards import whole

PAGE = 25
MOST_COUNTED = 99
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices of one thread that are all unread, or all read; ``latest`` stands for them. ``people`` are the ids of
    the latest actors, each once; ``others`` is how many more there are."""

    latest: Notice
    count: int
    people: tuple[int, ...]
    others: int
    is_unread: bool

    @property
    def source(self) -> Source:
        return self.latest.source

    @property
    def when(self) -> datetime:
        return self.latest.created_at


def _mine(viewer: Viewer, *conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (*_of(viewer.member_id), *conditions)


def _of(person_id: Any) -> tuple[ColumnElement[bool], ...]:
    # Somebody may have been muted since they were told of.
    heard = or_(
        Notice.actor_id.is_(None),
        Notice.actor_id.not_in(apart.unheard(person_id)),
        Notice.source.in_(CANNOT_BE_MISSED),
    )
    return (Notice.person_id == person_id, Notice.withdrawn_at.is_(None), heard)


def unread_count(session: Session, viewer: Viewer, *, level: Level = Level.NOW) -> int:
    """How many threads hold something unread of a level, up to a hundred."""
    return _unread().scalar(session, {"reader": viewer.member_id, "level": level}) or 0


@cache
def _unread() -> Prepared:
    threads = select(Notice.thread).where(
        *_of(READER), Notice.read_at.is_(None), Notice.level == bindparam("level", type_=Notice.level.type)
    )
    return Prepared(select(func.count()).select_from(threads.distinct().limit(MOST_COUNTED + 1).subquery()))


NEEDS_ME = Notice.level == Level.NOW


def bundles(
    session: Session, viewer: Viewer, *only: ColumnElement[bool], cursor: str | None = None, limit: int = PAGE
) -> Page[Bundle]:
    """What reached the viewer, by thread, by when it happened, the latest first; ``only`` narrows which notices count.

    Two statements. The cursor is the time and the id of the last thread's latest notices: what happens meanwhile moves
    up and is not shown again further down.
    """
    is_unread = Notice.read_at.is_(None)
    when, newest = func.max(Notice.created_at), func.max(Notice.id)
    threads = select(Notice.thread, is_unread.label("is_unread"), when.label("at"), newest.label("newest"))
    threads = threads.add_columns(func.count().label("size"))
    threads = threads.where(*_mine(viewer, *only)).group_by(Notice.thread, is_unread)
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        edge, last = moment_of(keys[0]), whole(keys[1])
        threads = threads.having(or_(when < edge, and_(when == edge, newest < last)))
    rows = session.execute(threads.order_by(when.desc(), newest.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    named = _newest_of(session, viewer, Notice.thread.in_([row.thread for row in shown]), *only)
    found = [_bundle(named[row.thread, bool(row.is_unread)], row.size) for row in shown]
    older = encode_cursor(shown[-1].at.isoformat(), str(shown[-1].newest)) if len(rows) > limit else None
    return Page(found, older=older)


_PER_THREAD = 60  # of a larger thread the latest sixty actors are told apart


def _newest_of(session: Session, viewer: Viewer, *only: ColumnElement[bool]) -> dict[tuple[str, bool], list[Notice]]:
    """Under each thread, and whether they are unread: its notices, newest first."""
    newest_first = (Notice.created_at.desc(), Notice.id.desc())
    place = func.row_number().over(partition_by=(Notice.thread, Notice.read_at.is_(None)), order_by=newest_first)
    ranked: Select[tuple[int, int]] = select(Notice.id, place.label("place"))
    numbered = ranked.where(*_mine(viewer, *only)).subquery()
    ids = select(numbered.c.id).where(numbered.c.place <= _PER_THREAD)
    found: dict[tuple[str, bool], list[Notice]] = {}
    for row in session.scalars(select(Notice).where(Notice.id.in_(ids)).order_by(*newest_first)):
        found.setdefault((row.thread, row.read_at is None), []).append(row)
    return found


def _bundle(rows: list[Notice], count: int) -> Bundle:
    people = list(dict.fromkeys(row.actor_id for row in rows if row.actor_id is not None))
    shown = people[:_NAMED] if len(people) <= _NAMED else people[:1]
    return Bundle(rows[0], count, tuple(shown), len(people) - len(shown), rows[0].read_at is None)


def newest_id(session: Session, viewer: Viewer) -> int:
    """The last notice that was written for the viewer, whenever what it tells of happened; 0 where there is none."""
    return session.scalar(select(func.max(Notice.id)).where(Notice.person_id == viewer.member_id)) or 0


def find_notice(session: Session, viewer: Viewer, notice_id: int) -> Notice | None:
    """One of the viewer's own; None where it is not theirs, withdrawn, or about something they may not read."""
    return session.scalar(select(Notice).where(*_mine(viewer, Notice.id == notice_id)))


def thread_count(session: Session, viewer: Viewer, *only: ColumnElement[bool]) -> int:
    """How many threads these notices of the viewer's are about."""
    return session.scalar(select(func.count(Notice.thread.distinct())).where(*_mine(viewer, *only))) or 0


def untold(session: Session, viewer: Viewer, *only: ColumnElement[bool]) -> list[int]:
    """Ids of what the viewer neither saw nor was told outside the application, up to a thousand, the newest first."""
    waiting = (Notice.read_at.is_(None), Notice.told_at.is_(None))
    found = select(Notice.id).where(*_mine(viewer, *waiting, *only)).order_by(Notice.id.desc())
    return list(session.scalars(found.limit(1000)))
