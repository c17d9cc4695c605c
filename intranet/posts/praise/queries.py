"""Praise as cards show it, and the wall of what was said of somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel.together import Rows
from intranet.people.cards import PersonCard
from intranet.posts.models import Post, PostKind
from intranet.posts.parts.registry import Around, Part, Places
from intranet.posts.praise.models import Praise, PraisedPerson
from intranet.posts.schemas import PraisedJson, PraiseJson
from intranet.topics.models import Topic
from intranet.topics.queries import TopicCard, card_of

PAGE = 20


@dataclass(frozen=True, slots=True)
class PraiseCard:
    """Whom a post praises, in the order in which they were named; empty when all of them declined."""

    people: tuple[PersonCard, ...]
    topic: TopicCard

    def holds(self, person_id: int | None) -> bool:
        """Whether somebody is among them."""
        return any(person.id == person_id for person in self.people)

    def as_json(self) -> PraiseJson:
        """The same for everybody who may read it."""
        people = [PraisedJson(id=str(one.id), username=one.username, name=one.name) for one in self.people]
        return {"people": people, "topic": self.topic.slug}


def praise_rows(places: Places) -> Rows:
    """One row for each of its people, or one without anybody, with the topic."""
    return (
        select(
            Praise.post_id,
            PraisedPerson.person_id,
            PraisedPerson.position,
            Topic.id,
            Topic.slug,
            Topic.name,
            Topic.follower_count,
        )
        .join(Topic, Topic.id == Praise.topic_id)
        .outerjoin(PraisedPerson, PraisedPerson.post_id == Praise.post_id)
        .where(Praise.post_id.in_(places.of_kind(PostKind.PRAISE)))
    )


def praise_card(rows: Sequence[Any], around: Around) -> PraiseCard:
    """The card from the rows of one post."""
    named = sorted((row for row in rows if row.person_id in around.people), key=lambda row: row.position)
    return PraiseCard(tuple(around.people[row.person_id] for row in named), card_of(rows[0]))


def _people(row: Any) -> Iterable[int]:
    return () if row.person_id is None else (row.person_id,)


PRAISE = Part(name="praise", rows=praise_rows, show=praise_card, people=_people, kinds=frozenset({PostKind.PRAISE}))


def praised_count(session: Session, person_id: int) -> int:
    """How often somebody was praised, as far as the viewer may read it."""
    counted = select(func.count()).select_from(PraisedPerson).join(Post, Post.id == PraisedPerson.post_id)
    return session.scalar(counted.where(PraisedPerson.person_id == person_id, Post.deleted_at.is_(None))) or 0


def praise_ids(session: Session, person_id: int, *, before: int | None = None, limit: int = PAGE) -> list[int]:
    """Posts that praise somebody, as far as the viewer may read them, the newest first."""
    praising = (
        select(PraisedPerson.post_id)
        .join(Post, Post.id == PraisedPerson.post_id)
        .where(PraisedPerson.person_id == person_id, Post.deleted_at.is_(None))
    )
    if before is not None:
        praising = praising.where(PraisedPerson.post_id < before)
    return list(session.scalars(praising.order_by(PraisedPerson.post_id.desc()).limit(limit)))
