"""The topics of a group: the tables name candidates, the engine says who of the members has shown that they know each.

So nothing counts here that would not count in the finder: not what this viewer may not read, nor what somebody hid.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from intranet.expertise.colleagues import colleagues_now
from intranet.expertise.facets import Narrower, Narrowing
from intranet.groups.finding import group_by_slug, membership_of
from intranet.groups.models import GroupMember
from intranet.groups.policy import GroupPermission
from intranet.kernel import reach
from intranet.kernel.errors import NotFound
from intranet.kernel.policy import allows
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.posts.models import Post, PostTopic
from intranet.search.index import index_of
from intranet.topics.models import Endorsement, HiddenTopic, OptOut, Skill, Topic
from search_index.expertise import ExpertQuery, Experts
from search_index.ranking.confidence import LIKELY

_CLAIMS, _POSTS = 20_000, 2_000  # how much of a huge group is read for candidates
_COUNTED = 20  # people who are counted one by one; beyond stands "20 and more"
_FACES = 3


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a group, and which topics they could be known for, the likeliest first."""

    group_id: int
    people: frozenset[int]
    topics: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Depth:
    """How well a topic is known: ``people`` have shown something, the best first; the first ``sure`` likely know it."""

    topic_id: int
    people: tuple[int, ...]
    sure: int


@dataclass(frozen=True, slots=True)
class KnownHere:
    """The same for a page: ``count`` people know it well, or where nobody does have shown something (not ``is_sure``).

    ``more`` is how many of them are not among the ``faces``; at the most that are counted there may be more still.
    """

    name: str
    slug: str
    faces: tuple[PersonCard, ...]
    count: int
    is_sure: bool
    is_at_least: bool

    @property
    def more(self) -> int:
        return self.count - len(self.faces)


def members_of(viewer: Viewer, slug: str, *, most_topics: int = 0) -> Members:
    """The members of a group that the viewer may read, with candidates for what they know.

    Raises:
        NotFound: there is no such group, or its members are not for this viewer.
    """
    with runtime().database.reading(viewer) as session:
        group = group_by_slug(session, slug)
        if not allows(GroupPermission.LIST, viewer, group, membership_of(session, group.id, viewer.id)):
            raise NotFound
        people = session.scalars(select(GroupMember.person_id).where(GroupMember.group_id == group.id))
        topics = _candidates(session, group.id, most_topics) if most_topics else ()
        return Members(group.id, frozenset(people), topics)


def _candidates(session: Session, group_id: int, most: int) -> tuple[tuple[int, str], ...]:
    """Topics by how many members claim them, are vouched for, or wrote about them in the group."""
    members = select(GroupMember.person_id).where(GroupMember.group_id == group_id)
    claims = select(Skill.topic_id, Skill.person_id).where(Skill.person_id.in_(members)).limit(_CLAIMS)
    vouched = select(Endorsement.topic_id, Endorsement.person_id).where(Endorsement.person_id.in_(members))
    wrote = select(PostTopic.topic_id, Post.author_id).join(Post, Post.id == PostTopic.item_id)
    wrote = wrote.where(PostTopic.audience_id == group_id).order_by(PostTopic.item_id.desc()).limit(_POSTS)
    named = union_all(_part(claims), _part(vouched.limit(_CLAIMS)), _part(wrote)).subquery()
    counted = select(named.c.topic_id, func.count(named.c.person_id.distinct()).label("people"))
    ranked = counted.group_by(named.c.topic_id).subquery()
    found = select(Topic.id, Topic.name).join(ranked, ranked.c.topic_id == Topic.id)
    rows = session.execute(found.order_by(ranked.c.people.desc(), Topic.id).limit(most))
    return tuple((row.id, row.name) for row in rows)


def _part(limited: "Select[int, int]") -> "Select[int, int]":
    """A limited select as a member of a union, which SQLite takes as a subquery alone."""
    inner = limited.subquery()
    topic_id, person_id = inner.c
    return select(topic_id.label("topic_id"), person_id.label("person_id"))


def look_into(viewer: Viewer, members: Members) -> list[Depth]:
    """How well each candidate is known, the best known first. Call it outside any transaction."""
    with runtime().database.reading(viewer) as session:
        audiences = reach.readable_ids(session, viewer.id)
        without = _not_to_be_named(session, [topic_id for topic_id, _name in members.topics])
    known = colleagues_now()
    queries = [
        ExpertQuery(
            text=name,
            audiences=audiences,
            limit=_COUNTED,
            candidates=members.people,
            without=without.get(topic_id, without[0]),
            narrow=Narrower(known, known.here, Narrowing(), with_facets=False),
            evidence=1,
        )
        for topic_id, name in members.topics
    ]
    answers = index_of().ask(lambda engine: [engine.experts(query) for query in queries])
    depths = [_depth(topic_id, answer) for (topic_id, _name), answer in zip(members.topics, answers, strict=True)]
    return sorted((depth for depth in depths if depth.people), key=lambda depth: (-depth.sure, -len(depth.people)))


def _depth(topic_id: int, answer: Experts) -> Depth:
    people = tuple(expert.person_id for expert in answer.items)
    return Depth(topic_id, people, sum(expert.confidence >= LIKELY for expert in answer.items))


def _not_to_be_named(session: Session, topics: Collection[int]) -> dict[int, frozenset[int]]:
    """By topic, who does not want to be named for it; under 0 those who do not want to be named at all."""
    out = frozenset(session.scalars(select(OptOut.person_id)))
    hidden: dict[int, set[int]] = {}
    wishes = select(HiddenTopic.topic_id, HiddenTopic.person_id).where(HiddenTopic.topic_id.in_(topics))
    for topic_id, person_id in session.execute(wishes):
        hidden.setdefault(topic_id, set()).add(person_id)
    return {0: out, **{topic_id: out | people for topic_id, people in hidden.items()}}


def describe_depths(session: Session, depths: Sequence[Depth]) -> list[KnownHere]:
    """The same with names and faces. Two statements."""
    ids = [depth.topic_id for depth in depths]
    topics = {topic.id: topic for topic in session.scalars(select(Topic).where(Topic.id.in_(ids)))}
    cards = person_cards(session, {person for depth in depths for person in depth.people[:_FACES]})
    return [_known(topics[depth.topic_id], depth, cards) for depth in depths if depth.topic_id in topics]


def _known(topic: Topic, depth: Depth, cards: dict[int, PersonCard]) -> KnownHere:
    count = depth.sure or len(depth.people)
    faces = tuple(cards[person] for person in depth.people[: min(count, _FACES)] if person in cards)
    return KnownHere(topic.name, topic.slug, faces, count, depth.sure > 0, count == _COUNTED)
