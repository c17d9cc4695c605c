"""The directory of topics: search, most followed, rising."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.text import clean_line, fold, slugify
from intranet.people.cards import PersonCard, whole
from intranet.people.models import Follow, FollowKind
from intranet.people.profiles import people_page
from intranet.topics.models import Endorsement, Skill, Synonym, Topic
from intranet.topics.skills import claim_counts

PAGE = 40
RECENT = timedelta(days=30)


class TopicOrder(StrEnum):
    """How the directory is sorted."""

    FOLLOWED = "followed"
    RISING = "rising"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic in the directory. ``rise`` counts new followers, claims and endorsements of the last 30 days."""

    id: int
    slug: str
    name: str
    description: str
    follower_count: int
    knower_count: int
    rise: int

    @property
    def is_rising(self) -> bool:
        return is_rising(self.rise, self.follower_count + self.knower_count)


def is_rising(rise: int, total: int) -> bool:
    """Whether a topic gained a sixth or more in 30 days, three at least; a new one has nothing to rise from."""
    before = total - rise
    return rise >= 3 and before > 0 and rise * 6 >= before


def topic_by_slug(session: Session, slug: str) -> Topic:
    """A topic by its address; a synonym leads to it too.

    Raises:
        NotFound: no topic is called that.
    """
    topic = session.scalar(select(Topic).where(Topic.slug == clean_line(slug)))
    if topic is None:
        synonym = session.get(Synonym, slugify(clean_line(slug)) or "-")
        topic = session.get(Topic, synonym.topic_id) if synonym else None
    if topic is None:
        raise NotFound
    return topic


def synonyms_of(session: Session, topic_id: int) -> list[str]:
    """Other names of a topic, in alphabetical order."""
    found = select(Synonym.name).where(Synonym.topic_id == topic_id).order_by(Synonym.folded_name)
    return list(session.scalars(found))


def topic_count(session: Session) -> int:
    """How many topics there are."""
    return session.scalar(select(func.count()).select_from(Topic)) or 0


def topics_page(
    session: Session, *, words: str = "", order: TopicOrder = TopicOrder.FOLLOWED, cursor: str | None = None
) -> Page[TopicLine]:
    """One page of the directory. Three statements."""
    rise = _rise().subquery()
    number = func.coalesce(rise.c.number, 0)
    wanted = select(Topic)
    if order is TopicOrder.RISING:
        wanted = wanted.outerjoin(rise, rise.c.topic_id == Topic.id)
    for word in fold(words).split()[:6]:
        named = select(Synonym.topic_id).where(Synonym.folded_name.contains(word, autoescape=True))
        wanted = wanted.where(or_(Topic.folded_name.contains(word.lstrip("#"), autoescape=True), Topic.id.in_(named)))
    key: Any = {TopicOrder.FOLLOWED: Topic.follower_count, TopicOrder.RISING: number}.get(order)
    keys = decode_cursor(cursor, size=2)
    if key is None:
        if keys is not None:
            wanted = wanted.where(Topic.folded_name > clean_line(str(keys[0])))
        wanted = wanted.order_by(Topic.folded_name, Topic.id)
    else:
        if keys is not None:
            first, last = whole(keys[0]), whole(keys[1])
            wanted = wanted.where((key < first) | ((key == first) & (Topic.id > last)))
        wanted = wanted.order_by(key.desc(), Topic.id)
    return _page(session, list(session.scalars(wanted.limit(PAGE + 1))), order)


def _page(session: Session, topics: list[Topic], order: TopicOrder) -> Page[TopicLine]:
    ids = [topic.id for topic in topics[:PAGE]]
    knowers, rises = claim_counts(session, ids), _rises(session, ids)
    lines = [_line(topic, rises.get(topic.id, 0), knowers.get(topic.id, 0)) for topic in topics[:PAGE]]
    if len(topics) <= PAGE:
        return Page(lines)
    last = lines[-1]
    first = {TopicOrder.FOLLOWED: last.follower_count, TopicOrder.RISING: last.rise}.get(order)
    key = fold(last.name)[:80] if first is None else str(first)
    return Page(lines, older=encode_cursor(key, str(last.id)))


def _line(topic: Topic, rise: int, knower_count: int) -> TopicLine:
    return TopicLine(topic.id, topic.slug, topic.name, topic.description, topic.follower_count, knower_count, int(rise))


def _rise(ids: list[int] | None = None) -> "Select[Any]":
    """(topic_id, number) of all topics, or of some: few are looked up by the index."""
    since = clock.now() - RECENT
    follows = select(Follow.target_id.label("topic_id"), literal(1).label("one"))
    follows = follows.where(Follow.kind == FollowKind.TOPIC, Follow.created_at > since)
    claims = select(Skill.topic_id, literal(1)).where(Skill.created_at > since)
    vouched = select(Endorsement.topic_id, literal(1)).where(Endorsement.created_at > since)
    if ids is not None:
        follows = follows.where(Follow.target_id.in_(ids))
        claims, vouched = claims.where(Skill.topic_id.in_(ids)), vouched.where(Endorsement.topic_id.in_(ids))
    recent = union_all(follows, claims, vouched).subquery()
    return select(recent.c.topic_id, func.count().label("number")).group_by(recent.c.topic_id)


def rise_of(session: Session, topic_id: int) -> int:
    """New followers, claims and endorsements of the last 30 days."""
    return _rises(session, [topic_id]).get(topic_id, 0)


def _rises(session: Session, ids: list[int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(_rise(ids))}


def related_topics(session: Session, topic_id: int, *, most: int = 6) -> list[Topic]:
    """Topics that the same people claim, most shared first."""
    same_people = select(Skill.person_id).where(Skill.topic_id == topic_id)
    shared = func.count()
    counted = select(Skill.topic_id).where(Skill.person_id.in_(same_people), Skill.topic_id != topic_id)
    ids = list(session.scalars(counted.group_by(Skill.topic_id).order_by(shared.desc(), Skill.topic_id).limit(most)))
    found = {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(ids)))}
    return [found[one] for one in ids]


def followed_topics(session: Session, person_id: int, *, most: int) -> list[Topic]:
    """Topics that somebody follows, by name. One statement."""
    followed = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == FollowKind.TOPIC)
    found = select(Topic).where(Topic.id.in_(followed)).order_by(Topic.folded_name, Topic.id)
    return list(session.scalars(found.limit(most)))


def topic_followers_page(session: Session, topic_id: int, *, cursor: str | None) -> Page[PersonCard]:
    """Who follows a topic, by name."""
    followers = select(Follow.follower_id).where(Follow.kind == FollowKind.TOPIC, Follow.target_id == topic_id)
    return people_page(session, followers, cursor=cursor)
