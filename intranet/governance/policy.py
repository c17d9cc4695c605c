"""Who may run the place and read its log."""

from enum import StrEnum

from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer


class GovernancePermission(StrEnum):
    """Names of this feature's rules."""

    CHANGE_SITE = "governance:site:change"
    REVIEW = "governance:report:review"
    WRITE_GUIDELINES = "governance:guidelines:write"


@permission(GovernancePermission.CHANGE_SITE)
def admin_changes_site(viewer: Viewer) -> bool:
    """Admins set the name, the logo and which fields the personnel department keeps."""
    return viewer.has_role(Role.ADMIN)


@permission(GovernancePermission.REVIEW)
def moderator_reviews(viewer: Viewer) -> bool:
    """Moderators decide about what was reported, and take decisions back."""
    return viewer.has_role(Role.MODERATOR)


@permission(GovernancePermission.WRITE_GUIDELINES)
def moderator_writes_guidelines(viewer: Viewer) -> bool:
    """Moderators write the guidelines, put a version in force and see who agreed to it."""
    return viewer.has_role(Role.MODERATOR)
