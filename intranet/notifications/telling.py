"""Writing the ledger: who is told of what, once each, at the level that they chose."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart, audience, clock
from intranet.kernel.batches import in_batches
from intranet.kernel.ids import new_id
from intranet.kernel.outbox import Delivery, delivery_of, record
from intranet.notifications.events import NoticesChanged
from intranet.notifications.levels import levels_of
from intranet.notifications.mailing import mail_unless_seen
from intranet.notifications.models import CANNOT_BE_MISSED, Level, Notice, Source
from intranet.notifications.push.sending import push_unless_seen
from intranet.people.models import FollowKind
from intranet.people.queries import follower_ids

_MOST_REFRESHED = 500  # windows beyond that count anew at their next page


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What somebody is told of. ``about`` and ``thread`` as in the ledger; ``post_id`` and ``item_id`` for what is
    written, ``subject_id`` for a topic or group."""

    source: Source
    about: str
    thread: str
    actor_id: int | None
    audience_id: int = audience.EVERYONE
    post_id: int | None = None
    item_id: int | None = None
    subject_id: int | None = None


def tell(
    session: Session,
    matter: Matter,
    people: Iterable[int],
    *,
    delivery: Delivery | None = None,
    levels: Mapping[int, Level] | None = None,
) -> list[int]:
    """Add a notice for each of these people who may read it, wants it and has none about it; returns who got one.

    Nobody is told what they did themselves, nor what somebody did from whom they keep apart. ``delivery`` is
    said by jobs, which come after the handler that has it; ``levels`` where they chose them for this very place. A
    constant number of statements, none where nobody is left.
    """
    concerned = _concerned(session, matter, set(people))
    levels = _levels(session, matter.source, concerned, levels or {}) if concerned else {}
    if not levels:
        return []
    delivery = delivery or delivery_of(session)
    for person_id, level in sorted(levels.items()):
        notice = Notice(
            id=new_id(),
            person_id=person_id,
            event_id=delivery.event_id,
            about=matter.about,
            thread=matter.thread,
            source=matter.source,
            level=level,
            actor_id=matter.actor_id,
            post_id=matter.post_id,
            item_id=matter.item_id,
            subject_id=matter.subject_id,
            audience_id=matter.audience_id,
            created_at=delivery.happened_at,
        )
        session.add(notice)
        record(session, NoticesChanged(person_id, notice.id))
    _tell_outside(session, levels, delivery.happened_at)
    return sorted(levels)


def tell_followers(
    session: Session, matter: Matter, kind: FollowKind, target_id: int, *, but: Collection[int] = frozenset()
) -> None:
    """Tell all who follow it, ``but`` those who hear of it otherwise or do not want to."""
    for some in in_batches(sorted(follower_ids(session, kind, target_id).difference(but))):
        tell(session, matter, some)


def _concerned(session: Session, matter: Matter, people: set[int]) -> set[int]:
    """Those of them who work here, may read it, hear its author, and were not told of it."""
    wanted = _still_here(session, people - {matter.actor_id})
    if not wanted:
        return wanted
    if matter.actor_id is not None and matter.source not in CANNOT_BE_MISSED:
        wanted -= apart.deaf_to(session, matter.actor_id)
    wanted = set(audience.readers_among(session, matter.audience_id, wanted))
    told = select(Notice.person_id).where(Notice.about == matter.about, Notice.person_id.in_(wanted))
    return wanted - set(session.scalars(told))


def _levels(session: Session, source: Source, wanted: set[int], own: Mapping[int, Level]) -> dict[int, Level]:
    """How soon each of them is to be told; who wants nothing of this source is missing, whatever their ``own`` say."""
    wished = levels_of(session, source, wanted)
    chosen = {one: own.get(one, level) for one, level in wished.items() if level is not Level.NEVER}
    return {one: level for one, level in chosen.items() if level is not Level.NEVER}


def _tell_outside(session: Session, levels: Mapping[int, Level], moment: datetime) -> None:
    """Who is to hear at once is pushed and mailed what they do not see in time."""
    at_once = [one for one, level in levels.items() if level is Level.NOW]
    mail_unless_seen(session, at_once, moment)
    push_unless_seen(session, at_once, moment)


def _still_here(session: Session, people: set[int]) -> set[int]:
    found = select(Person.id).where(Person.id.in_(people), Person.deactivated_at.is_(None))
    return set(session.scalars(found)) if people else set()


def withdraw(session: Session, *, post_id: int | None = None, item_id: int | None = None) -> None:
    """Hide every notice about a post and its replies, or about one item."""
    _mark(session, post_id=post_id, item_id=item_id, is_gone=True)


def bring_back(session: Session, *, post_id: int | None = None, item_id: int | None = None) -> None:
    """Show again what was withdrawn."""
    _mark(session, post_id=post_id, item_id=item_id, is_gone=False)


def _mark(session: Session, *, post_id: int | None, item_id: int | None, is_gone: bool) -> None:
    meant = Notice.post_id == post_id if post_id is not None else Notice.item_id == item_id
    hidden = Notice.withdrawn_at.is_(None) if is_gone else Notice.withdrawn_at.is_not(None)
    whose = select(Notice.person_id).where(meant, hidden).distinct().order_by(Notice.person_id)
    people = session.scalars(whose.limit(_MOST_REFRESHED)).all()
    session.execute(update(Notice).where(meant, hidden).values(withdrawn_at=clock.now() if is_gone else None))
    for person_id in people:
        record(session, NoticesChanged(person_id))


def take_back(session: Session, about: str) -> None:
    """Drop the unread notices about something that is no longer so, such as a reaction."""
    for notice in session.scalars(select(Notice).where(Notice.about == about, Notice.read_at.is_(None))):
        drop(session, notice)


def drop(session: Session, notice: Notice) -> None:
    """Take one notice out of the ledger."""
    session.delete(notice)
    record(session, NoticesChanged(notice.person_id))
