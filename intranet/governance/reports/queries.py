"""The review queue: one entry for each reported post or comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from intranet.governance.reports.models import Decision, Report, ReportReason, Subject
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId, UtcDateTime
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.anonymous.queries import written_unnamed

PAGE = 30
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Voice:
    """What one member said about it."""

    by: PersonCard
    reason: ReportReason
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything reported of one item. ``decision`` is None while it waits."""

    item_id: int
    kind: Subject
    author: PersonCard
    quote: str
    place: str
    first_at: datetime
    voices: tuple[Voice, ...]
    decision: Decision | None
    decided_by: PersonCard | None
    note: str


def waiting_count(session: Session) -> int:
    """How many items wait for a decision."""
    return session.scalar(select(func.count(func.distinct(Report.item_id))).where(Report.decided_at.is_(None))) or 0


def cases(session: Session, *, is_open: bool) -> list[Case]:
    """What waits, the oldest first; or what was decided, the latest first. Three statements."""
    first = func.min(Report.id)
    chosen = select(Report.item_id).group_by(Report.item_id)
    if is_open:
        chosen = chosen.where(Report.decided_at.is_(None)).order_by(first)
    else:
        chosen = chosen.where(Report.decided_at.is_not(None)).order_by(func.max(Report.decided_at).desc())
    ids = list(session.scalars(chosen.limit(PAGE)))
    rows = session.scalars(select(Report).where(Report.item_id.in_(ids)).order_by(Report.id)).all()
    by_item: dict[int, list[Report]] = {}
    for row in rows:
        if (row.decided_at is None) == is_open:
            by_item.setdefault(row.item_id, []).append(row)
    wanted = {one for row in rows for one in (row.author_id, row.reporter_id, row.decided_by_id) if one}
    people = person_cards(session, wanted)
    return [_case(by_item[item_id], people) for item_id in ids]


def _case(rows: Sequence[Report], people: dict[int, PersonCard]) -> Case:
    first = rows[0]
    return Case(
        item_id=first.item_id,
        kind=first.kind,
        author=people[first.author_id],
        quote=first.quote,
        place=first.place,
        first_at=first.created_at,
        voices=tuple(Voice(people[row.reporter_id], row.reason, row.words) for row in rows),
        decision=first.decision,
        decided_by=people.get(first.decided_by_id or 0),
        note=first.note,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What moderators decided about something that the viewer wrote; who reported it is not said."""

    kind: Subject
    quote: str
    reason: ReportReason
    decision: Decision
    note: str
    decided_at: datetime


def verdicts_on(session: Session, author_id: int, *, since: datetime | None = None) -> list[Verdict]:
    """Decisions that took something away from somebody, the latest first; that nothing was wrong is not told."""
    found: dict[int, Verdict] = {}
    for row in _told().rows(session, {"author": author_id, "since": since or _EVER}):
        found.setdefault(row.item_id, Verdict(row.kind, row.quote, row.reason, row.decision, row.note, row.decided_at))
    return list(found.values())[:PAGE]


@cache
def _told() -> Prepared:
    author: Any = bindparam("author", type_=BigId)
    columns = Report.item_id, Report.kind, Report.quote, Report.reason, Report.decision, Report.note, Report.decided_at
    theirs = or_(Report.author_id == author, Report.item_id.in_(written_unnamed(author)))
    since: Any = bindparam("since", type_=UtcDateTime)
    told = select(*columns).where(theirs, Report.decided_at > since, Report.decision != Decision.NOTHING)
    return Prepared(told.order_by(Report.decided_at.desc(), Report.id).limit(PAGE * 3))
