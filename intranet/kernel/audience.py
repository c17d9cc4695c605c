"""Audience: the one answer to "who may read this row?".

Every guarded row names an audience. The database session's filter, the search filter and the Socket.IO room are three
readings of it. Readable is not joined: an open group is readable by all, but only its members get its pushes.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, CompoundSelect, ForeignKey, Index, delete, or_, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal

from intranet.kernel.tables import Base, Identified

EVERYONE = 1  # the audience of all members; its row is made with the first table


class AudienceKind(StrEnum):
    """Where an audience's members come from."""

    EVERYONE = "everyone"
    GROUP = "group"
    CONVERSATION = "conversation"
    PICKED = "picked"


class Audience(Identified, Base):
    """A set of people. ``readable_by_all`` opens it to every member of the company without joining them."""

    __tablename__ = "audiences"

    kind: Mapped[AudienceKind]
    readable_by_all: Mapped[bool] = mapped_column(default=False, index=True)


class Membership(Base):
    """One person in one audience."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_person", "person_id", "audience_id"),)

    audience_id: Mapped[int] = mapped_column(ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)


class Guarded:
    """A row that only its audience may see. The session filters it; nobody who writes a query has to remember."""

    audience_id: Mapped[int] = mapped_column(ForeignKey("audiences.id"), index=True)


# As aliases, so that a statement that itself reads these tables is not taken for the one that is filtered.
_open, _joined = aliased(Audience), aliased(Membership)


def readable_audiences(person_id: int | None) -> "CompoundSelect[tuple[int]]":
    """Ids of the audiences a person may read; a signed-out visitor reads none (id 0 has no rows)."""
    open_to_all = select(_open.id).where(_open.readable_by_all)
    if person_id is None:
        return union_all(open_to_all.where(_open.id == 0))
    return union_all(open_to_all, select(_joined.audience_id).where(_joined.person_id == person_id))


def readable_by(person_id: int | None) -> LoaderCriteriaOption:
    """The filter that every ORM statement of this person's session carries."""
    # SQLAlchemy caches this function by its closure: ``readable`` must stay a tracked variable of it, or the
    # first viewer's filter would serve everybody.
    readable = readable_audiences(person_id)
    return with_loader_criteria(Guarded, lambda row: _In(row.audience_id, readable), include_aliases=True)


class _In(ColumnElement[bool]):
    """Whether a row's audience is one of these, asked as each database answers it fastest.

    SQLite makes the set once, some twenty times faster than looking into two tables for each row; PostgreSQL would do
    so for each part of a statement, and looks for each row as long as there are few.
    """

    inherit_cache = True
    _traverse_internals = [("among", InternalTraversal.dp_clauseelement), ("there", InternalTraversal.dp_clauseelement)]

    def __init__(self, column: Any, ids: Any) -> None:
        self.type = Boolean()
        self.among = _Unlooked(column).in_(ids)
        self.there = or_(*(part.where(part.selected_columns[0] == column).exists() for part in ids.selects))


@compiles(_In)
def _compile_in(element: _In, compiler: Any, **options: Any) -> str:
    asked = element.there if compiler.dialect.name == "postgresql" else element.among
    return f"({compiler.process(asked, **options)})"


class _Unlooked(ColumnElement[int]):
    """A column that SQLite filters by and does not look rows up by.

    Without statistics it takes "in one of these audiences" for a narrow condition, walks the audience's index through
    everything that the viewer may read, and compares each row with the ids that were asked for. In SQLite a plus before
    the column says that its index is of no use.
    """

    inherit_cache = True
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]

    def __init__(self, column: Any) -> None:
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.type = self.column.type


@compiles(_Unlooked)
def _compile_unlooked(element: _Unlooked, compiler: Any, **options: Any) -> str:
    return "+" + str(compiler.process(element.column, **options))


def open_ids(session: Session, ids: Iterable[int]) -> frozenset[int]:
    """Of these audiences the ones that every member may read."""
    asked = frozenset(ids)
    if asked <= {EVERYONE}:
        return asked
    wanted = select(Audience.id).where(Audience.id.in_(asked), Audience.readable_by_all)
    return frozenset(session.scalars(wanted))


def joined_ids(session: Session, person_id: int) -> frozenset[int]:
    """The audiences whose pushes a person gets: everyone's, and those they are in."""
    joined = session.scalars(select(Membership.audience_id).where(Membership.person_id == person_id))
    return frozenset(joined) | {EVERYONE}


def member_ids(session: Session, audience_id: int) -> frozenset[int]:
    """The people who are in an audience."""
    return frozenset(session.scalars(select(Membership.person_id).where(Membership.audience_id == audience_id)))


def readers_among(session: Session, audience_id: int, people: Iterable[int]) -> list[int]:
    """Of these people the ones who may read an audience, by id."""
    wanted = sorted(set(people))
    if not wanted or open_ids(session, [audience_id]):
        return wanted
    inside = select(Membership.person_id).where(Membership.audience_id == audience_id, Membership.person_id.in_(wanted))
    return sorted(session.scalars(inside))


def is_member(session: Session, audience_id: int, person_id: int) -> bool:
    """Whether somebody is in an audience."""
    return session.get(Membership, (audience_id, person_id)) is not None


def is_conversation(session: Session, audience_id: int) -> bool:
    """Whether an audience is a conversation's."""
    found = session.get(Audience, audience_id)
    return found is not None and found.kind is AudienceKind.CONVERSATION


def ensure_everyone(session: Session) -> None:
    """The audience that always exists."""
    if session.get(Audience, EVERYONE) is None:
        session.add(Audience(id=EVERYONE, kind=AudienceKind.EVERYONE, readable_by_all=True))


def join(session: Session, audience_id: int, people: Iterable[int]) -> None:
    """Add people to an audience; those already in it stay."""
    for person_id in people:
        if session.get(Membership, (audience_id, person_id)) is None:
            session.add(Membership(audience_id=audience_id, person_id=person_id))


def leave(session: Session, audience_id: int, people: Iterable[int]) -> None:
    """Take people out of an audience."""
    gone: Any = delete(Membership).where(Membership.audience_id == audience_id, Membership.person_id.in_(list(people)))
    session.execute(gone)
