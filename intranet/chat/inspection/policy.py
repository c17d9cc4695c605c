"""Nobody reads a private conversation that they are not in: these three rules are the only way, and take two people."""

from datetime import datetime
from enum import StrEnum

from intranet.chat.inspection.models import Inspection
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer


class InspectionPermission(StrEnum):
    """The names in the permission table."""

    ASK = "chat:inspection:ask"
    DECIDE = "chat:inspection:decide"
    READ = "chat:inspection:read"


@permission(InspectionPermission.ASK)
def admin_asks(viewer: Viewer) -> bool:
    """Admins ask to read a conversation, and say why."""
    return viewer.has_role(Role.ADMIN)


@permission(InspectionPermission.DECIDE)
def second_admin_decides(viewer: Viewer, inspection: Inspection, is_inside: bool) -> bool:
    """Another admin than the one who asked decides, and none who is in the conversation."""
    return viewer.has_role(Role.ADMIN) and viewer.id != inspection.requester_id and not is_inside


@permission(InspectionPermission.READ)
def requester_reads_in_time(viewer: Viewer, inspection: Inspection, moment: datetime) -> bool:
    """Who asked reads, while they are an admin and until the approved time is over."""
    return viewer.has_role(Role.ADMIN) and viewer.id == inspection.requester_id and inspection.is_open_at(moment)
