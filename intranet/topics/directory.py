"""The directory of topics: search, most followed, rising."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.text import clean_line, fold, slugify
from intranet.people.cards import PersonCard, whole
from intranet.people.models import Follow, FollowKind
from intranet.people.profiles import people_page
from intranet.topics.models import Skill, Synonym, Topic
from intranet.topics.pulse import Pulse, Pulses
from intranet.topics.queries import TopicCard, card_of
from intranet.topics.skills import claim_counts

PAGE = 40


class TopicOrder(StrEnum):
    """How the directory is sorted."""

    FOLLOWED = "followed"
    RISING = "rising"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic in the directory."""

    id: int
    slug: str
    name: str
    description: str
    follower_count: int
    knower_count: int
    pulse: Pulse


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
    session: Session,
    pulses: Pulses,
    *,
    words: str = "",
    order: TopicOrder = TopicOrder.FOLLOWED,
    cursor: str | None = None,
) -> Page[TopicLine]:
    """One page of the directory. Two statements, one more for rising topics."""
    wanted = select(Topic)
    for word in fold(words).split()[:6]:
        named = select(Synonym.topic_id).where(Synonym.folded_name.contains(word, autoescape=True))
        wanted = wanted.where(or_(Topic.folded_name.contains(word.lstrip("#"), autoescape=True), Topic.id.in_(named)))
    if order is TopicOrder.NAME:
        return _by_name(session, pulses, wanted, cursor)
    return _by_followers(session, pulses, wanted, cursor, risers=order is TopicOrder.RISING)


def _by_name(session: Session, pulses: Pulses, wanted: "Select[Topic]", cursor: str | None) -> Page[TopicLine]:
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        wanted = wanted.where(Topic.folded_name > clean_line(str(keys[0])))
    topics = list(session.scalars(wanted.order_by(Topic.folded_name, Topic.id).limit(PAGE + 1)))
    lines = _lines(session, pulses, topics[:PAGE])
    older = encode_cursor(fold(lines[-1].name)[:80], str(lines[-1].id)) if len(topics) > PAGE else None
    return Page(lines, older=older)


def _by_followers(
    session: Session, pulses: Pulses, wanted: "Select[Topic]", cursor: str | None, *, risers: bool
) -> Page[TopicLine]:
    """The most followed first; with ``risers`` the rising ones before all others, on the first page."""
    keys = decode_cursor(cursor, size=2)
    first = pulses.risers[:PAGE] if risers else []
    rest = wanted.where(Topic.id.not_in(first)) if first else wanted
    if keys is not None:
        number, last = whole(keys[0]), whole(keys[1])
        after = (Topic.follower_count < number) | ((Topic.follower_count == number) & (Topic.id > last))
        rest, first = rest.where(after), []
    rising = {topic.id: topic for topic in session.scalars(wanted.where(Topic.id.in_(first)))} if first else {}
    ordered = rest.order_by(Topic.follower_count.desc(), Topic.id).limit(PAGE + 1)
    others = list(session.scalars(ordered))
    lines = _lines(session, pulses, [*(rising[one] for one in first if one in rising), *others[:PAGE]])
    end = others[PAGE - 1] if len(others) > PAGE else None
    return Page(lines, older=encode_cursor(str(end.follower_count), str(end.id)) if end else None)


def _lines(session: Session, pulses: Pulses, topics: list[Topic]) -> list[TopicLine]:
    knowers = claim_counts(session, [topic.id for topic in topics])
    return [
        TopicLine(
            topic.id,
            topic.slug,
            topic.name,
            topic.description,
            topic.follower_count,
            knowers.get(topic.id, 0),
            pulses.of(topic.id),
        )
        for topic in topics
    ]


def related_topics(session: Session, topic_id: int, *, most: int = 6) -> list[Topic]:
    """Topics that the same people claim, most shared first."""
    same_people = select(Skill.person_id).where(Skill.topic_id == topic_id)
    shared = func.count()
    counted = select(Skill.topic_id).where(Skill.person_id.in_(same_people), Skill.topic_id != topic_id)
    ids = list(session.scalars(counted.group_by(Skill.topic_id).order_by(shared.desc(), Skill.topic_id).limit(most)))
    found = {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(ids)))}
    return [found[one] for one in ids]


def followed_topics(session: Session, person_id: int, *, most: int) -> list[TopicCard]:
    """Topics that somebody follows, by name. One statement."""
    return [card_of(row) for row in _followed().rows(session, {"person": person_id, "most": most})]


@cache
def _followed() -> Prepared:
    mine = Follow.follower_id == bindparam("person", type_=BigId), Follow.kind == FollowKind.TOPIC
    columns = Topic.id, Topic.slug, Topic.name, Topic.follower_count
    found = select(*columns).where(Topic.id.in_(select(Follow.target_id).where(*mine)))
    return Prepared(found.order_by(Topic.folded_name, Topic.id).limit(bindparam("most", type_=BigId)))


def topic_followers_page(session: Session, topic_id: int, *, cursor: str | None) -> Page[PersonCard]:
    """Who follows a topic, by name."""
    followers = select(Follow.follower_id).where(Follow.kind == FollowKind.TOPIC, Follow.target_id == topic_id)
    return people_page(session, followers, cursor=cursor)
