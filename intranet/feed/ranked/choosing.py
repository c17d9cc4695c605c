"""What may be in somebody's ranked feed, and everything that speaks for it. One statement.

Candidates are the newest posts of the streams that the reader follows, of the people with whom they exchange replies,
about the topics that they say they know, and those that mention them. The statement that finds them also reads what the
formula asks about each; the whole is filtered by the reader's session like any read.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, select
from sqlalchemy.orm import Session, aliased

from intranet.accounts.models import Person
from intranet.feed.models import FeedDials, LessOf, SeenPost
from intranet.feed.ranked.formula import Candidate, Taste
from intranet.feed.ranked.reasons import Reason, Why
from intranet.feed.streams import Ids, Source, StreamKind, Stretch, followed_sources, merged, one
from intranet.groups.models import Group, GroupMember
from intranet.kernel.together import Rows, together
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Comment, Post, PostKind, PostMention, PostTopic
from intranet.posts.muted.queries import muted_by
from intranet.posts.praise.models import PraisedPerson
from intranet.topics.models import Skill, Topic

CANDIDATES = 200
_TALKS = 60  # of the reader's newest replies, and of those that they got


def candidates(session: Session, viewer: Viewer, ids: Sequence[int] | None = None) -> tuple[list[Candidate], Taste]:
    """Everything that may be shown, or of ``ids`` what of it is there, and what the reader wants more and less of."""
    person_id = viewer.member_id
    if ids is None:
        sources = [*followed_sources(person_id), *_further_sources(person_id)]
        chosen = merged(session, person_id, sources, Stretch(limit=CANDIDATES - 1, quiet_for=person_id))
    else:
        chosen = select(Post.id.label("id")).where(Post.id.in_(ids), Post.deleted_at.is_(None))
        chosen = chosen.where(Post.id.not_in(muted_by(person_id)))
    found = together(session, _parts(person_id, chosen.cte("chosen")))
    reasons = _reasons(person_id, found)
    seen = {row.post_id for row in found["seen"]}
    posts = [
        Candidate(row.id, row.author_id, row.kind, row.created_at, tuple(reasons.get(row.id, ())), row.id in seen)
        for row in found["posts"]
    ]
    return posts, _taste(found)


def _further_sources(person_id: int) -> list[Source]:
    answered, answering = _answered(person_id), _answering(person_id)
    talking = select(answered.c.person_id.label("key")).where(answered.c.person_id.in_(select(answering.c.person_id)))
    return [
        Source(StreamKind.PERSON, talking.distinct()),
        Source(StreamKind.TOPIC, select(Skill.topic_id.label("key")).where(Skill.person_id == person_id)),
        one(StreamKind.MENTIONS, person_id),
    ]


def _answered(person_id: int) -> Any:
    """Whose posts the reader replied to last."""
    mine, post = aliased(Comment), aliased(Post)
    said = select(post.author_id.label("person_id")).join(mine, mine.post_id == post.id)
    said = said.where(mine.author_id == person_id, mine.deleted_at.is_(None), post.author_id != person_id)
    return said.order_by(mine.id.desc()).limit(_TALKS).subquery()


def _answering(person_id: int) -> Any:
    """Who replied to the reader's newest posts."""
    mine, reply = aliased(Post), aliased(Comment)
    newest = select(mine.id).where(mine.author_id == person_id, mine.deleted_at.is_(None))
    newest = newest.order_by(mine.id.desc()).limit(_TALKS)
    said = select(reply.author_id.label("person_id")).where(reply.post_id.in_(newest), reply.author_id != person_id)
    return said.where(reply.deleted_at.is_(None)).order_by(reply.id.desc()).limit(_TALKS).subquery()


def _parts(person_id: int, chosen: CTE) -> dict[str, Rows]:
    ids = select(chosen.c.id)
    post = aliased(Post)
    authors = select(post.author_id).where(post.id.in_(ids))
    audiences = select(post.audience_id).where(post.id.in_(ids))
    of_reader = (Follow.follower_id == person_id, Follow.kind == FollowKind.PERSON)
    followed = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == FollowKind.TOPIC)
    known = select(Skill.topic_id).where(Skill.person_id == person_id)
    about = select(PostTopic.item_id, Topic.id, Topic.slug).join(Topic, Topic.id == PostTopic.topic_id)
    about = about.where(PostTopic.item_id.in_(ids))
    named = select(PostMention.item_id).where(PostMention.person_id == person_id, PostMention.item_id.in_(ids))
    return {
        "posts": select(Post.id, Post.author_id, Post.audience_id, Post.kind, Post.created_at, Person.name)
        .join(Person, Person.id == Post.author_id)
        .where(Post.id.in_(ids)),
        "people": select(Follow.target_id).where(*of_reader, Follow.target_id.in_(authors)),
        "answered": _among(_answered(person_id), authors),
        "answering": _among(_answering(person_id), authors),
        "topics": about.where(Topic.id.in_(followed)),
        "known": about.where(Topic.id.in_(known)),
        "groups": select(Group.id, Group.name)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.person_id == person_id, Group.id.in_(audiences)),
        "named": named,
        "praised": select(PraisedPerson.post_id.label("item_id")).where(
            PraisedPerson.person_id == person_id, PraisedPerson.post_id.in_(ids)
        ),
        "seen": select(SeenPost.post_id).where(SeenPost.person_id == person_id, SeenPost.post_id.in_(ids)),
        "dials": select(FeedDials).where(FeedDials.person_id == person_id),
        "less": select(LessOf.why, LessOf.target_id).where(LessOf.person_id == person_id),
    }


def _among(talked: Any, authors: Ids) -> Ids:
    return select(talked.c.person_id).where(talked.c.person_id.in_(authors)).distinct()


def _taste(found: dict[str, list[Any]]) -> Taste:
    less = frozenset((row.why, row.target_id) for row in found["less"])
    dials = found["dials"][0] if found["dials"] else None
    if dials is None:
        return Taste(less=less)
    return Taste(people=dials.people, topics=dials.topics, groups=dials.groups, less=less)


def _reasons(person_id: int, found: dict[str, list[Any]]) -> dict[int, list[Reason]]:
    followed = {row.target_id for row in found["people"]}
    # Talking takes two: one who only ever answers me, or whom only I answer, is no exchange.
    talks = {row.person_id for row in found["answered"]} & {row.person_id for row in found["answering"]}
    groups = {row.id: row.name for row in found["groups"]}
    speaking_of_me = (*found["named"], *found["praised"])
    reasons: dict[int, list[Reason]] = {row.item_id: [Reason(Why.NAMED)] for row in speaking_of_me}
    for row in found["posts"]:
        mine = reasons.setdefault(row.id, [])
        if row.author_id == person_id:
            mine.append(Reason(Why.OWN))
        if row.kind is PostKind.ANNOUNCEMENT:
            mine.append(Reason(Why.ANNOUNCED))
        if row.author_id in talks:
            mine.append(Reason(Why.TALKS, row.author_id, row.name))
        if row.author_id in followed:
            mine.append(Reason(Why.PERSON, row.author_id, row.name))
        if row.audience_id in groups:
            mine.append(Reason(Why.GROUP, row.audience_id, groups[row.audience_id]))
    for why, name in ((Why.TOPIC, "topics"), (Why.KNOWN, "known")):
        for row in found[name]:
            if row.item_id in reasons:
                reasons[row.item_id].append(Reason(why, row.id, row.slug))
    return reasons
