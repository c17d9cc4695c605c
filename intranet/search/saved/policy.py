"""Who may keep searches. That others' do not exist for anybody is decided where they are found."""

from enum import StrEnum

from intranet.kernel.policy import permission
from intranet.kernel.viewer import Viewer


class SavedPermission(StrEnum):
    """The names in the permission table."""

    KEEP = "search:saved:keep"


@permission(SavedPermission.KEEP)
def own_saved_search(viewer: Viewer, person_id: int) -> bool:
    """Everybody their own; nobody else knows of them."""
    return viewer.id == person_id
