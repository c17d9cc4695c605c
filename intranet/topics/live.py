"""What open pages hear about topics and skills: enough to know that they must fetch a part again."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel.live import presents
from intranet.people.queries import person_cards
from intranet.topics.events import (
    Endorsed,
    EndorsementWithdrawn,
    SkillClaimed,
    SkillDropped,
    TopicFollowed,
    TopicUnfollowed,
)
from intranet.topics.queries import topic_cards


def skill_changed(
    session: Session, happened: SkillClaimed | SkillDropped | Endorsed | EndorsementWithdrawn
) -> dict[str, Any] | None:
    """Whose skill on which topic; the page fetches the rest."""
    person = person_cards(session, [happened.person_id]).get(happened.person_id)
    topic = topic_cards(session, [happened.topic_id]).get(happened.topic_id)
    if person is None or topic is None:
        return None
    return {"person_id": str(person.id), "username": person.username, "topic_id": str(topic.id), "slug": topic.slug}


def following_changed(session: Session, happened: TopicFollowed | TopicUnfollowed) -> dict[str, Any] | None:
    """To the follower's own windows."""
    topic = topic_cards(session, [happened.topic_id]).get(happened.topic_id)
    if topic is None:
        return None
    return {"topic_id": str(topic.id), "slug": topic.slug, "name": topic.name}


def start() -> None:
    """Have the hub present our events."""
    presents(SkillClaimed, skill_changed)
    presents(SkillDropped, skill_changed)
    presents(Endorsed, skill_changed)
    presents(EndorsementWithdrawn, skill_changed)
    presents(TopicFollowed, following_changed)
    presents(TopicUnfollowed, following_changed)
