"""When a group's only owner leaves the company, somebody else keeps it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups.actions.belonging import known_to, take_in
from intranet.groups.events import GroupArchived, GroupChanged, MemberRoleChanged
from intranet.groups.finding import membership_of
from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole
from intranet.kernel import clock
from intranet.kernel.outbox import record


def pass_group_on(
    session: Session, group: Group, leaver_id: int, successor_id: int | None, *, actor_id: int | None
) -> int | None:
    """Make somebody the owner in a leaver's place; returns who it is, None where the group is archived.

    Nobody comes into a closed or hidden group by this: there the successor must be a member already, or whoever is
    longest in it takes over. A group in which nobody is left is archived. Callers have checked that the leaver is gone
    and that this may be done; the session must see the group.
    """
    wanted = membership_of(session, group.id, successor_id)
    if wanted is None and (successor_id is None or group.kind is not GroupKind.OPEN):
        successor_id = _longest_in(session, group.id)
        wanted = membership_of(session, group.id, successor_id)
    if successor_id is None:
        group.archived_at = group.archived_at or clock.now()
        record(session, GroupArchived(group.id, actor_id))
        record(session, GroupChanged(group.id, actor_id, group.audience_id))
    elif wanted is None:
        take_in(session, group, successor_id, role=GroupRole.OWNER, actor_id=actor_id)
    else:
        _set_role(session, group, wanted, GroupRole.OWNER, actor_id)
    left = membership_of(session, group.id, leaver_id)
    if left is not None and successor_id is not None:
        _set_role(session, group, left, GroupRole.MEMBER, actor_id)
    session.flush()
    return successor_id


def _set_role(session: Session, group: Group, membership: GroupMember, role: GroupRole, actor_id: int | None) -> None:
    membership.role, membership.audience_id = role, known_to(group, role)
    record(session, MemberRoleChanged(group.id, membership.person_id, actor_id, group.id, role.value))


def _longest_in(session: Session, group_id: int) -> int | None:
    """Who of those still here has been in the group for longest."""
    members = select(GroupMember.person_id).join(Person, Person.id == GroupMember.person_id)
    members = members.where(GroupMember.group_id == group_id, Person.deactivated_at.is_(None))
    return session.scalar(members.order_by(GroupMember.joined_at, GroupMember.person_id).limit(1))


def owned_alone(session: Session, person_id: int) -> list[Group]:
    """The groups, archived ones aside, that have no other owner who still works here, the largest first."""
    others = (
        select(GroupMember.group_id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.role == GroupRole.OWNER, Person.deactivated_at.is_(None), Person.id != person_id)
    )
    mine = select(Group).join(GroupMember, GroupMember.group_id == Group.id)
    mine = mine.where(GroupMember.person_id == person_id, GroupMember.role == GroupRole.OWNER)
    mine = mine.where(Group.archived_at.is_(None), Group.id.not_in(others))
    return list(session.scalars(mine.order_by(Group.member_count.desc(), Group.id)))
