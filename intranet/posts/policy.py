"""Who may do what to posts. Whether somebody may *see* one is the audience's matter, not decided here."""

from enum import StrEnum

from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer
from intranet.posts.models import Comment, Post, PostKind


class PostPermission(StrEnum):
    """The names in the permission table."""

    PUBLISH = "posts:post:publish"
    ANNOUNCE = "posts:announcement:publish"
    ANNOUNCE_URGENTLY = "posts:announcement:publish-urgently"
    OVERSEE = "posts:announcement:oversee"
    EDIT = "posts:post:edit"
    DELETE = "posts:post:delete"
    RESTORE = "posts:post:restore"
    PIN = "posts:post:pin"
    FREEZE = "posts:post:freeze"
    REACT = "posts:post:react"
    COMMENT = "posts:comment:add"


@permission(PostPermission.PUBLISH)
def may_publish(viewer: Viewer, kind: PostKind) -> bool:
    """Members post updates, polls and praise; announcements come from communicators."""
    if kind is PostKind.ANNOUNCEMENT:
        return viewer.has_role(Role.COMMUNICATOR)
    return viewer.is_member


@permission(PostPermission.ANNOUNCE)
def communicators_and_owners_announce(viewer: Viewer, keeps_its_group: bool) -> bool:
    """Communicators announce to everyone and to groups they are in; whoever owns a group announces to it."""
    return keeps_its_group or viewer.has_role(Role.COMMUNICATOR)


@permission(PostPermission.ANNOUNCE_URGENTLY)
def communicators_interrupt(viewer: Viewer) -> bool:
    """Only communicators put something above every page; owning a group is not enough."""
    return viewer.has_role(Role.COMMUNICATOR)


@permission(PostPermission.OVERSEE)
def its_owner_oversees(viewer: Viewer, owner_id: int) -> bool:
    """Whoever answers for an announcement, and communicators, see who has not acknowledged it, and remind them."""
    return viewer.id == owner_id or viewer.has_role(Role.COMMUNICATOR)


@permission(PostPermission.EDIT)
def author_may_edit(viewer: Viewer, item: Post | Comment) -> bool:
    """Nobody changes somebody else's words."""
    return viewer.id == item.author_id


@permission(PostPermission.DELETE)
def author_or_moderator_may_delete(viewer: Viewer, item: Post | Comment, is_hidden_author: bool = False) -> bool:
    """The author, under their name or not, and whoever reviews what was reported."""
    return is_hidden_author or viewer.id == item.author_id or viewer.has_role(Role.MODERATOR)


@permission(PostPermission.RESTORE)
def who_deleted_may_restore(viewer: Viewer, item: Post | Comment) -> bool:
    """What a moderator took away, its author cannot bring back."""
    return viewer.id is not None and viewer.id == item.deleted_by_id


@permission(PostPermission.PIN)
def owners_of_its_group_pin(_viewer: Viewer, _post: Post, keeps_its_group: bool) -> bool:
    """Whoever owns the group that a post was posted in."""
    return keeps_its_group


@permission(PostPermission.FREEZE)
def moderator_freezes(viewer: Viewer, _post: Post) -> bool:
    """Moderators close a post to replies, and open it again."""
    return viewer.has_role(Role.MODERATOR)


@permission(PostPermission.REACT)
def member_may_react(viewer: Viewer) -> bool:
    """Whoever may read a post may react to it."""
    return viewer.is_member


@permission(PostPermission.COMMENT)
def member_may_comment(viewer: Viewer) -> bool:
    """Whoever may read a post may reply to it."""
    return viewer.is_member
