"""Announcements as cards show them, what waits for somebody, and who has not acknowledged yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE, Membership
from intranet.kernel.page import Page
from intranet.kernel.policy import allows
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.text import excerpt, first_line
from intranet.kernel.together import NOW, READER, Rows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, cards_select, page_by_name
from intranet.posts.announcements.models import Acknowledgement, Announcement
from intranet.posts.models import Post, PostKind
from intranet.posts.parts.registry import Around, Part, Places
from intranet.posts.policy import PostPermission
from intranet.posts.schemas import AnnouncementJson

_MOST_WAITING = 3
_LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class AnnouncementCard:
    """``acknowledged`` of ``people`` who are in its audience now have done so; both are 0 where nothing is asked (any
    more). ``may_oversee`` and ``may_acknowledge`` are for this viewer."""

    owner: PersonCard | None
    ends_at: datetime
    asks: bool
    acknowledged: int
    people: int
    has_acknowledged: bool
    may_acknowledge: bool
    may_oversee: bool
    reminded_at: datetime | None
    is_urgent: bool = False

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def is_asking(self) -> bool:
        return self.asks and not self.is_over

    @property
    def percent(self) -> int:
        """Rounded down, so that only all of them are a hundred."""
        return 100 * self.acknowledged // self.people if self.people else 0

    def as_json(self) -> AnnouncementJson:
        """The same for everybody who may read it."""
        return {
            "owner": self.owner.username if self.owner else None,
            "ends_at": self.ends_at.isoformat(),
            "asks": self.asks,
            "urgent": self.is_urgent,
            "acknowledged": self.acknowledged,
            "people": self.people,
        }


def _reached() -> "ColumnElement[bool]":
    """Whether a person is in the audience of an announcement now."""
    member = exists().where(Membership.audience_id == Announcement.audience_id, Membership.person_id == Person.id)
    member = member.correlate(Announcement, Person)  # also where the person stands two selects further out
    return and_(Person.deactivated_at.is_(None), or_(Announcement.audience_id == EVERYONE, member))


def announcement_rows(places: Places) -> Rows:
    """One row for each, counted only while it asks."""
    everybody = select(func.count()).select_from(Person).where(Person.deactivated_at.is_(None)).scalar_subquery()
    of_group = select(func.count()).select_from(Membership).join(Person, Person.id == Membership.person_id)
    members = of_group.where(Membership.audience_id == Announcement.audience_id, Person.deactivated_at.is_(None))
    done = select(func.count()).select_from(Acknowledgement).join(Person, Person.id == Acknowledgement.person_id)
    done = done.where(Acknowledgement.post_id == Announcement.post_id, _reached())
    is_asking = and_(Announcement.asks, Announcement.ends_at > places.now)
    mine = (Acknowledgement.post_id == Announcement.post_id, Acknowledgement.person_id == places.viewer_id)
    inside = (Membership.audience_id == Announcement.audience_id, Membership.person_id == places.viewer_id)
    is_for_all = Announcement.audience_id == EVERYONE
    people = case((is_for_all, everybody), else_=members.correlate(Announcement).scalar_subquery())
    return select(
        Announcement.post_id,
        Announcement.owner_id,
        Announcement.ends_at,
        Announcement.asks,
        Announcement.is_urgent,
        Announcement.reminded_at,
        case((is_asking, people), else_=0).label("people"),
        case((is_asking, done.correlate(Announcement).scalar_subquery()), else_=0).label("acknowledged"),
        exists(select(Acknowledgement.post_id).where(*mine)).label("has_acknowledged"),
        or_(is_for_all, exists(select(Membership.person_id).where(*inside))).label("is_inside"),
    ).where(Announcement.post_id.in_(places.of_kind(PostKind.ANNOUNCEMENT)))


def announcement_card(rows: Sequence[Any], around: Around) -> AnnouncementCard:
    """The card from its one row."""
    (row,) = rows
    return AnnouncementCard(
        owner=around.people.get(row.owner_id),
        ends_at=row.ends_at,
        asks=bool(row.asks),
        acknowledged=row.acknowledged,
        people=row.people,
        has_acknowledged=bool(row.has_acknowledged),
        may_acknowledge=around.viewer.id is not None and bool(row.is_inside) and not row.has_acknowledged,
        may_oversee=allows(PostPermission.OVERSEE, around.viewer, row.owner_id),
        reminded_at=row.reminded_at,
        is_urgent=bool(row.is_urgent),
    )


ANNOUNCEMENT = Part(
    name="announcement",
    rows=announcement_rows,
    show=announcement_card,
    people=lambda row: (row.owner_id,),
    kinds=frozenset({PostKind.ANNOUNCEMENT}),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An announcement that waits for somebody to acknowledge it."""

    post_id: int
    title: str
    is_reminder: bool


def waiting_for(
    session: Session, viewer: Viewer, *, is_urgent: bool = False, limit: int = _MOST_WAITING
) -> list[Waiting]:
    """What the viewer is asked to acknowledge and has not, urgent or not, reminders first, then the newest. One
    statement."""
    places = {"reader": viewer.member_id, "now": clock.now(), "most": limit}
    rows = _asking(is_urgent=is_urgent).rows(session, places)
    return [Waiting(row.id, _title(row.html), row.reminded_at is not None) for row in rows]


def _title(html: str) -> str:
    line, rest = first_line(html)
    return excerpt(line or rest, most=_LONGEST_TITLE)


@cache
def _asking(*, is_urgent: bool) -> Prepared:
    inside = exists().where(Membership.audience_id == Announcement.audience_id, Membership.person_id == READER)
    done = exists(select(Acknowledgement.post_id)).where(
        Acknowledgement.post_id == Announcement.post_id, Acknowledgement.person_id == READER
    )
    asking: Rows = (
        select(Post.id, Post.html, Announcement.reminded_at)
        .join(Post, Post.id == Announcement.post_id)
        .where(Announcement.ends_at > NOW, Announcement.asks.is_(True))
        .where(Announcement.is_urgent.is_(is_urgent), Post.deleted_at.is_(None))
        .where(or_(Announcement.audience_id == EVERYONE, inside), ~done)
        .order_by(Announcement.reminded_at.is_(None), Post.id.desc())
    )
    return Prepared(asking.limit(bindparam("most", type_=BigId)))


def missing_page(session: Session, post_id: int, *, cursor: str | None = None) -> Page[PersonCard]:
    """Who is in the audience now and has not acknowledged, by name."""
    done = select(Acknowledgement.person_id).where(Acknowledgement.post_id == post_id)
    asked = select(Announcement.post_id).where(Announcement.post_id == post_id, _reached()).correlate(Person)
    return page_by_name(session, cards_select().where(exists(asked), Person.id.not_in(done)), cursor=cursor)
