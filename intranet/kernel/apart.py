"""Who keeps apart from whom: mutes and blocks, a filter beside the audience.

A *block* holds on every surface and both ways: the session leaves out what either of the two wrote, so that whoever
writes a query need not think of it. A *mute* is one person's own wish for quiet: timelines and suggestions leave the
other out, while a profile or a link still opens. What the company says (an announcement) passes both, and nobody hides
from a moderator by blocking them: their sessions read on, and only their timelines are quiet.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

from intranet.kernel import clock
from intranet.kernel.tables import Base, one_of
from intranet.kernel.viewer import Role, Viewer

People = Select[int]


class ApartKind(StrEnum):
    """What one person is to the other. A block is two rows, so that either side is found by its own key."""

    MUTED = "muted"
    BLOCKED = "blocked"
    BLOCKED_BY = "blocked-by"


_BLOCKS = (ApartKind.BLOCKED, ApartKind.BLOCKED_BY)


class Apart(Base):
    """``person_id`` has muted or blocked ``other_id``, or is blocked by them. Nobody but ``person_id`` reads this."""

    __tablename__ = "apart"
    __table_args__ = (Index("ix_apart_other", "other_id", "kind"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[ApartKind] = mapped_column(one_of(ApartKind), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Authored:
    """A row that somebody wrote. People who block each other do not see each other's."""

    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    @classmethod
    def not_by(cls, people: People) -> ColumnElement[bool]:
        """The rows that reach a reader who keeps apart from ``people``."""
        return cls.author_id.not_in(people)


def blocks_hold(viewer: Viewer) -> bool:
    """Whether this viewer's session leaves out whom they block and who blocks them."""
    return viewer.id is not None and not viewer.has_role(Role.MODERATOR)


def met_by(person_id: int) -> LoaderCriteriaOption:
    """The filter that every ORM statement of this person's session carries, if ``blocks_hold`` for them."""
    # A tracked variable of the lambda, like ``readable`` of the audience's filter.
    others = blocked(person_id)
    return with_loader_criteria(Authored, lambda row: row.not_by(others), include_aliases=True)


def blocked(person_id: int | None) -> People:
    """Whom a person blocks and who blocks them."""
    return unheard(person_id).where(Apart.kind.in_(_BLOCKS))


def unheard(person_id: int | None) -> People:
    """Whom a person's timelines and suggestions leave out: muted and blocked, either way. For ``Authored.not_by`` and
    for conditions on people."""
    return select(Apart.other_id).where(Apart.person_id == (0 if person_id is None else person_id))


def unheard_ids(session: Session, person_id: int | None) -> frozenset[int]:
    """The same as plain numbers."""
    return frozenset(session.scalars(unheard(person_id)))


def are_apart(session: Session, person_id: int, other_id: int) -> bool:
    """Whether one of the two blocks the other."""
    return any(session.get(Apart, (person_id, other_id, kind)) is not None for kind in _BLOCKS)


def deaf_to(session: Session, author_id: int) -> frozenset[int]:
    """The people whose timelines leave out what somebody says: on the other side of a block, and those who muted
    them."""
    return frozenset(session.scalars(deaf(author_id)))


def deaf(author_id: Any) -> People:
    """The same as a select, for the id of the author or a place for it."""
    return select(Apart.person_id).where(Apart.other_id == author_id)


def parted(people: People | Sequence[int]) -> People:
    """Who blocks one of these people, or is blocked by one."""
    return select(Apart.person_id).where(Apart.other_id.in_(people), Apart.kind.in_(_BLOCKS))


def parted_from(session: Session, people: Sequence[int]) -> frozenset[int]:
    """The same as plain numbers."""
    return frozenset(session.scalars(parted(people)))
