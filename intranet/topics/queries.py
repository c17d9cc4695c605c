"""Reads about topics that other features share."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.text import fold
from intranet.people.queries import begins_with
from intranet.topics.models import Synonym, Topic


@dataclass(frozen=True, slots=True)
class TopicCard:
    """A topic as lists and suggestions show it; ``found_as`` is the synonym that led here, if any."""

    id: int
    slug: str
    name: str
    follower_count: int
    found_as: str = ""

    @property
    def url(self) -> str:
        return f"/topics/{self.slug}"


def topic_cards(session: Session, ids: Iterable[int]) -> dict[int, TopicCard]:
    """Cards by topic id, in one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = session.scalars(select(Topic).where(Topic.id.in_(wanted)))
    return {topic.id: card_of(topic) for topic in found}


def topics_starting(session: Session, prefix: str, limit: int = 8) -> list[TopicCard]:
    """Topics whose name or synonym begins with ``prefix``, the most followed first."""
    start = fold(" ".join(prefix.split()).lstrip("#"))
    if not start:
        return []
    by_name = (
        select(Topic)
        .where(begins_with(session, Topic.folded_name, start))
        .order_by(Topic.follower_count.desc(), Topic.folded_name)
    )
    found = {topic.id: card_of(topic) for topic in session.scalars(by_name.limit(limit))}
    if len(found) < limit:
        by_synonym = (
            select(Topic, Synonym.name)
            .join(Synonym, Synonym.topic_id == Topic.id)
            .where(begins_with(session, Synonym.folded_name, start))
            .order_by(Topic.follower_count.desc(), Topic.folded_name)
        )
        for topic, name in session.execute(by_synonym.limit(limit)):
            if len(found) < limit:
                found.setdefault(topic.id, card_of(topic, found_as=name))
    return list(found.values())


def card_of(topic: Topic, *, found_as: str = "") -> TopicCard:
    """A row as a card."""
    return TopicCard(topic.id, topic.slug, topic.name, topic.follower_count, found_as)
