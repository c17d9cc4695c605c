"""Who may do what to questions. Asking, answering, editing and deleting are posts' own permissions."""

from enum import StrEnum

from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer


class QuestionPermission(StrEnum):
    """The names in the permission table."""

    ACCEPT = "questions:answer:accept"
    LINK = "questions:question:link"
    FOLLOW = "questions:question:follow"
    BE_ASKED = "questions:asking:reply"
    ASK_MORE = "questions:asking:widen"


@permission(QuestionPermission.ACCEPT)
def asker_or_steward_accepts(viewer: Viewer, asker_id: int) -> bool:
    """Who asked knows whether it is solved; topic stewards step in where they do not say."""
    return viewer.id == asker_id or viewer.has_role(Role.STEWARD)


@permission(QuestionPermission.LINK)
def asker_steward_or_moderator_links(viewer: Viewer, asker_id: int) -> bool:
    """Who asked it, and those who keep the place in order, say that it was asked before."""
    return viewer.id == asker_id or viewer.has_role(Role.STEWARD) or viewer.has_role(Role.MODERATOR)


@permission(QuestionPermission.FOLLOW)
def member_follows(viewer: Viewer) -> bool:
    """Whoever may read a question may follow it."""
    return viewer.is_member


@permission(QuestionPermission.BE_ASKED)
def member_is_asked(viewer: Viewer) -> bool:
    """Whoever is asked says what they do about it, each for themself."""
    return viewer.is_member


@permission(QuestionPermission.ASK_MORE)
def asker_or_steward_widens(viewer: Viewer, has_asked: bool) -> bool:
    """Whoever asked, and topic stewards, need not wait for those who were asked."""
    return has_asked or viewer.has_role(Role.STEWARD)
