"""Who may keep notices. That others' do not exist for anybody is decided where they are found."""

from enum import StrEnum

from intranet.kernel.policy import permission
from intranet.kernel.viewer import Viewer


class NoticePermission(StrEnum):
    """The names in the permission table."""

    KEEP = "notifications:notice:keep"


@permission(NoticePermission.KEEP)
def own_notices(viewer: Viewer, person_id: int) -> bool:
    """Everybody reads and settles their own."""
    return viewer.id == person_id
