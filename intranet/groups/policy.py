"""Who may do what in a group. Whether somebody may know of it is the audience's matter, not decided here."""

from enum import StrEnum

from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Viewer


class GroupPermission(StrEnum):
    """The names in the permission table. Rules take the group and the viewer's own membership, None for outsiders."""

    FOUND = "groups:group:found"
    KEEP = "groups:group:keep"
    JOIN = "groups:member:join"
    INVITE = "groups:member:invite"
    LIST = "groups:member:list"


@permission(GroupPermission.FOUND)
def member_may_found(viewer: Viewer) -> bool:
    """Every member may start a group."""
    return viewer.is_member


@permission(GroupPermission.KEEP)
def owner_keeps(_viewer: Viewer, _group: Group, membership: GroupMember | None) -> bool:
    """The group's owners change it, let people in and out, and archive it; no admin does so from outside."""
    return membership is not None and membership.role is GroupRole.OWNER


@permission(GroupPermission.JOIN)
def anyone_joins_what_is_open(viewer: Viewer, group: Group, membership: GroupMember | None) -> bool:
    """Every member may join an open group that is not archived; into others one is let or asked."""
    return viewer.is_member and membership is None and group.kind is GroupKind.OPEN and group.archived_at is None


@permission(GroupPermission.INVITE)
def members_invite(_viewer: Viewer, group: Group, membership: GroupMember | None) -> bool:
    """Members ask others into an open group; into closed and hidden ones only its owners do."""
    if membership is None or group.archived_at is not None:
        return False
    return group.kind is GroupKind.OPEN or membership.role is GroupRole.OWNER


@permission(GroupPermission.LIST)
def readers_see_the_members(_viewer: Viewer, group: Group, membership: GroupMember | None) -> bool:
    """Who is in an open group is open; who is in another is known to its members."""
    return group.kind is GroupKind.OPEN or membership is not None
