"""The directory of groups: search, facets with counts, one page at a time.

Every count is that of groups which this viewer may know of, by what they may read in them.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole, JoinRequest
from intranet.groups.queries import GroupCard, card_of, roles_in
from intranet.groups.talk import lent
from intranet.kernel import clock
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people.cards import whole

PAGE = 24
LIVELY = timedelta(days=30)
_SMALL, _MIDDLE = 10, 50


class Belonging(StrEnum):
    """Whether the directory shows all groups, or those the viewer is in."""

    ALL = "all"
    MINE = "mine"


class GroupSize(StrEnum):
    """Up to 10 members, up to 50, more."""

    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """What narrows the directory of groups; ``topic`` is an address, ``lively`` means posts of the last 30 days."""

    words: str = ""
    kind: GroupKind | None = None
    belonging: Belonging = Belonging.ALL
    archived: bool = False
    size: GroupSize | None = None
    topic: str = ""
    lively: bool = False

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.kind or self.size or self.topic or self.lively)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of the directory: the card and the viewer's place."""

    card: GroupCard
    role: GroupRole | None
    has_asked: bool


@dataclass(frozen=True, slots=True)
class DirectoryFacets:
    """How many groups each choice would leave, each facet as if it were not chosen itself. ``topics`` are ``(slug,
    name, count)`` of those topics that the viewer may look for, where there is such a group."""

    kinds: dict[GroupKind, int] = field(default_factory=dict)
    sizes: dict[GroupSize, int] = field(default_factory=dict)
    topics: tuple[tuple[str, str, int], ...] = ()
    lively: int = 0


def directory_page(
    session: Session, viewer: Viewer, chosen: DirectoryFilter, *, cursor: str | None = None
) -> Page[GroupLine]:
    """Groups, the largest first. Three statements."""
    found = select(Group).where(*_conditions(viewer, chosen))
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        found = found.where(tuple_(Group.member_count, Group.id) < (whole(keys[0]), whole(keys[1])))
    rows = list(session.scalars(found.order_by(Group.member_count.desc(), Group.id.desc()).limit(PAGE + 1)))
    shown = rows[:PAGE]
    older = encode_cursor(str(shown[-1].member_count), str(shown[-1].id)) if len(rows) > PAGE else None
    ids = [group.id for group in shown]
    roles = roles_in(session, viewer, ids)
    asking = select(JoinRequest.group_id).where(
        JoinRequest.person_id == viewer.member_id, JoinRequest.group_id.in_(ids)
    )
    asked = set(session.scalars(asking))
    return Page([GroupLine(card_of(group), roles.get(group.id), group.id in asked) for group in shown], older=older)


def directory_facets(session: Session, viewer: Viewer, chosen: DirectoryFilter) -> DirectoryFacets:
    """What each further choice would leave. Five statements however many groups there are."""
    size = _size().label("size")
    sizes = select(size, func.count()).where(*_conditions(viewer, replace(chosen, size=None))).group_by(size)
    kinds = select(Group.kind, func.count()).where(*_conditions(viewer, replace(chosen, kind=None)))
    lively = select(func.count()).select_from(Group).where(*_conditions(viewer, replace(chosen, lively=True)))
    return DirectoryFacets(
        kinds={row[0]: row[1] for row in session.execute(kinds.group_by(Group.kind))},
        sizes={GroupSize(row[0]): row[1] for row in session.execute(sizes)},
        topics=_topics(session, viewer, chosen),
        lively=session.scalar(lively) or 0,
    )


def _topics(session: Session, viewer: Viewer, chosen: DirectoryFilter) -> tuple[tuple[str, str, int], ...]:
    offered = dict(lent().likely_topics(session, viewer.member_id))
    if chosen.topic:
        offered.setdefault(chosen.topic, chosen.topic)
    if not offered:
        return ()
    numbers: list[ColumnElement[Any]] = [func.sum(case((lent().is_about(slug), 1), else_=0)) for slug in offered]
    row = session.execute(select(*numbers).select_from(Group).where(*_conditions(viewer, replace(chosen, topic=""))))
    counted = zip(offered.items(), row.one(), strict=True)
    return tuple((slug, name, int(count or 0)) for (slug, name), count in counted if count or slug == chosen.topic)


def _size() -> "ColumnElement[str]":
    small, middle = (GroupSize.SMALL.value, GroupSize.MIDDLE.value)
    named = case((Group.member_count <= _SMALL, small), (Group.member_count <= _MIDDLE, middle))
    return case((Group.member_count > _MIDDLE, GroupSize.LARGE.value), else_=named)


def _conditions(viewer: Viewer, chosen: DirectoryFilter) -> "list[ColumnElement[bool]]":
    conditions: list[ColumnElement[bool]] = [
        Group.archived_at.is_not(None) if chosen.archived else Group.archived_at.is_(None)
    ]
    conditions += [Group.folded_name.contains(word, autoescape=True) for word in fold(chosen.words).split()[:8]]
    if chosen.kind is not None:
        conditions.append(Group.kind == chosen.kind)
    if chosen.belonging is Belonging.MINE:
        mine = select(GroupMember.group_id).where(GroupMember.person_id == viewer.member_id)
        conditions.append(Group.id.in_(mine))
    if chosen.size is not None:
        conditions.append(_size() == chosen.size.value)
    if chosen.topic:
        conditions.append(lent().is_about(chosen.topic))
    if chosen.lively:
        conditions.append(lent().posted_since(clock.now() - LIVELY))
    return conditions
