"""One group and the viewer's place in it, for those who go on to change it. Hidden and missing are the same."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.groups.models import Group, GroupMember, GroupRole
from intranet.groups.policy import GroupPermission
from intranet.kernel.errors import NotFound
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer


def find_group(session: Session, group_id: int) -> Group:
    """The group.

    Raises:
        NotFound: there is none that this session's viewer may know of.
    """
    group = session.get(Group, group_id)
    if group is None:
        raise NotFound
    return group


def group_by_slug(session: Session, slug: str) -> Group:
    """The group with this address.

    Raises:
        NotFound: there is none that this session's viewer may know of.
    """
    group = session.scalar(select(Group).where(Group.slug == slug))
    if group is None:
        raise NotFound
    return group


def membership_of(session: Session, group_id: int, person_id: int | None) -> GroupMember | None:
    """Somebody's place in a group, as far as the session's viewer may know it."""
    return session.get(GroupMember, (group_id, person_id)) if person_id is not None else None


def kept_group(session: Session, viewer: Viewer, group_id: int) -> Group:
    """A group that the viewer goes on to change.

    Raises:
        NotFound: they may not know of it.
        Refused: they are none of its owners.
    """
    group = find_group(session, group_id)
    require(GroupPermission.KEEP, viewer, group, membership_of(session, group_id, viewer.id))
    return group


def owner_ids(session: Session, group_id: int) -> list[int]:
    """Its owners, the earliest first."""
    owning = select(GroupMember.person_id).where(GroupMember.group_id == group_id, GroupMember.role == GroupRole.OWNER)
    return list(session.scalars(owning.order_by(GroupMember.joined_at, GroupMember.person_id)))
