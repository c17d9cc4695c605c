"""Who may change what about topics and skills."""

from enum import StrEnum

from intranet.accounts.models import Person
from intranet.kernel.policy import permission
from intranet.kernel.viewer import Role, Viewer
from intranet.topics.models import Endorsement


class TopicPermission(StrEnum):
    """What can be done to topics, skills and endorsements."""

    DESCRIBE = "topics:topic:describe"
    MERGE = "topics:topic:merge"
    CLAIM = "topics:skill:claim"
    ENDORSE = "topics:skill:endorse"
    WITHDRAW = "topics:endorsement:withdraw"


@permission(TopicPermission.DESCRIBE)
def keeps_the_vocabulary(viewer: Viewer) -> bool:
    """Topic stewards."""
    return viewer.has_role(Role.STEWARD)


@permission(TopicPermission.MERGE)
def stewards_merge(viewer: Viewer) -> bool:
    """Topic stewards make two words for one thing one topic."""
    return viewer.has_role(Role.STEWARD)


@permission(TopicPermission.CLAIM)
def own_skills(viewer: Viewer, person_id: int) -> bool:
    """Everybody for themselves."""
    return viewer.id == person_id


@permission(TopicPermission.ENDORSE)
def somebody_else_who_is_here(viewer: Viewer, person: Person) -> bool:
    """Any member may vouch for any colleague who is still here, except themselves."""
    return viewer.is_member and viewer.id != person.id and person.deactivated_at is None


@permission(TopicPermission.WITHDRAW)
def author_or_subject(viewer: Viewer, endorsement: Endorsement) -> bool:
    """Who wrote it, and whom it is about."""
    return viewer.id in {endorsement.endorser_id, endorsement.person_id}
