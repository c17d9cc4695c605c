"""What somebody has shown that they know: topic by topic, with the proofs that the viewer may read."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.expertise import wishes
from intranet.expertise.describing import ExpertCard, describe
from intranet.expertise.finding import Answer, Asked, find_experts
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.posts.models import Comment, Post, PostTopic
from intranet.topics.models import Endorsement, Skill, Topic

_MOST_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A topic, and the finder's answer to it about one person."""

    topic_id: int
    slug: str
    name: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic as profile and settings show it; ``is_hidden`` only ever shows to the person themself."""

    topic_id: int
    slug: str
    name: str
    expert: ExpertCard
    is_hidden: bool


def look_at(viewer: Viewer, person_id: int) -> list[Found]:
    """Ask the finder about one person on their likeliest topics. Call it outside any transaction."""
    is_me = viewer.id == person_id
    with runtime().database.reading(viewer) as session:
        if not is_me and wishes.has_opted_out(session, person_id):
            return []
        hidden = frozenset() if is_me else wishes.hidden_topic_ids(session, person_id)
        topics = [topic for topic in _likely_topics(session, person_id) if topic.id not in hidden]
    found = []
    for topic in topics:
        asked = Asked(topic.name, limit=1, only=frozenset({person_id}), is_about_me=is_me)
        answer = find_experts(viewer, asked)
        if answer.experts.items:
            found.append(Found(topic.id, topic.slug, topic.name, answer))
    return sorted(found, key=lambda one: -one.answer.experts.items[0].confidence)


def describe_known(session: Session, viewer: Viewer, person_id: int, found: list[Found]) -> list[KnownTopic]:
    """The same in words and proofs, without those that nothing readable proves any more."""
    hidden = wishes.hidden_topic_ids(session, person_id) if viewer.id == person_id else frozenset()
    known = []
    for one in found:
        experts = describe(session, viewer, one.answer)
        if experts and experts[0].proofs:
            known.append(KnownTopic(one.topic_id, one.slug, one.name, experts[0], one.topic_id in hidden))
    return known


def _likely_topics(session: Session, person_id: int) -> list[Topic]:
    counts: Counter[int] = Counter()
    for table in (Post, Comment):
        written = (
            select(PostTopic.topic_id, func.count())
            .join(table, table.id == PostTopic.item_id)
            .where(table.author_id == person_id, table.deleted_at.is_(None))
            .group_by(PostTopic.topic_id)
            .order_by(func.count().desc())
            .limit(_MOST_TOPICS)
        )
        for topic, number in session.execute(written):
            counts[topic] += number
    vouched = select(Endorsement.topic_id, func.count()).where(Endorsement.person_id == person_id)
    for topic, number in session.execute(vouched.group_by(Endorsement.topic_id)):
        counts[topic] += 2 * number
    claimed = select(Skill.topic_id).where(Skill.person_id == person_id).limit(_MOST_TOPICS)
    counts.update(session.scalars(claimed))
    likeliest = [topic for topic, _number in counts.most_common(_MOST_TOPICS)]
    topics = {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(likeliest)))}
    return [topics[topic] for topic in likeliest if topic in topics]
