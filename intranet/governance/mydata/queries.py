"""Reads for the page of one's own data."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import active_admins
from intranet.governance.mydata.models import CopyState, DataCopy, ErasureWish
from intranet.groups.actions.succession import owned_alone
from intranet.groups.queries import GroupCard, card_of
from intranet.kernel import clock
from intranet.kernel.errors import NotFound
from intranet.posts.models import Comment, Post

_SHOWN = 5


def copies_of(session: Session, person_id: int) -> list[DataCopy]:
    """The latest copies that somebody asked for."""
    mine = select(DataCopy).where(DataCopy.person_id == person_id).order_by(DataCopy.id.desc())
    return list(session.scalars(mine.limit(_SHOWN)))


def ready_copy(session: Session, person_id: int, copy_id: int) -> DataCopy:
    """A copy that can be fetched, by its person alone.

    Raises:
        NotFound: it is somebody else's, not ready, or gone.
    """
    found = session.get(DataCopy, copy_id)
    is_there = found is not None and found.person_id == person_id and found.state is CopyState.READY
    if found is None or not is_there or (found.expires_at and found.expires_at <= clock.now()):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """How much somebody wrote, as far as they may still read it."""

    posts: int
    comments: int


def written_by(session: Session, person_id: int) -> Written:
    """Two counts."""
    counts = [
        session.scalar(
            select(func.count()).select_from(table).where(table.author_id == person_id, table.deleted_at.is_(None))
        )
        for table in (Post, Comment)
    ]
    return Written(counts[0] or 0, counts[1] or 0)


def wish_of(session: Session, person_id: int) -> ErasureWish | None:
    """Somebody's wish to be deleted."""
    return session.get(ErasureWish, person_id)


def groups_in_the_way(session: Session, person_id: int) -> list[GroupCard]:
    """Groups with other members that somebody alone owns: they need another owner first."""
    return [card_of(group) for group in owned_alone(session, person_id) if group.member_count > 1]


def is_last_admin(session: Session, person: Person) -> bool:
    """Whether nobody else runs the place."""
    return list(session.scalars(active_admins().limit(2))) == [person.id]
