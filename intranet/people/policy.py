"""Who may change what about people."""

from enum import StrEnum

from intranet.accounts.models import Person
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Viewer


class PeoplePermission(StrEnum):
    """What can be done to people's profiles."""

    EDIT_PROFILE = "people:profile:edit"
    FOLLOW = "people:person:follow"
    KEEP_LIST = "people:list:keep"
    KEEP_APART = "people:person:keep-apart"


@permission(PeoplePermission.EDIT_PROFILE)
def own_profile(viewer: Viewer, person_id: int) -> bool:
    """Everybody their own."""
    return viewer.id == person_id


@permission(PeoplePermission.FOLLOW)
def other_colleague(viewer: Viewer, person: Person) -> bool:
    """Any member may follow any colleague who is still here, except themselves."""
    return viewer.is_member and viewer.id != person.id and person.deactivated_at is None


@permission(PeoplePermission.KEEP_APART)
def anybody_else(viewer: Viewer, person: Person) -> bool:
    """Any member may mute or block anybody but themselves, leavers too."""
    return viewer.is_member and viewer.id != person.id


@permission(PeoplePermission.KEEP_LIST)
def own_list(viewer: Viewer, owner_id: int) -> bool:
    """Everybody their own; nobody else knows of them."""
    return viewer.id == owner_id
