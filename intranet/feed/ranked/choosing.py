"""What may be in somebody's ranked feed, and everything that speaks for it. Three statements.

Candidates are the newest posts of the streams that the reader follows, of the people with whom they exchange replies,
about the topics that they say they know, and those that mention them. The statement that finds them also reads what the
formula asks about each; the whole is filtered by the reader's session like any read.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from intranet.accounts.models import Person
from intranet.feed.models import FeedDials, LessOf, SeenPost
from intranet.feed.ranked.formula import Candidate, Taste
from intranet.feed.ranked.reasons import Reason, Why
from intranet.feed.streams import (
    Source,
    StreamKind,
    Stretch,
    followed_sources,
    ids_of_reader,
    one,
)
from intranet.groups.models import Group, GroupMember
from intranet.kernel import clock
from intranet.kernel.ids import first_id_of
from intranet.kernel.tables import BigId
from intranet.kernel.together import Rows, Several, Writing, made_once
from intranet.kernel.viewer import Viewer
from intranet.people.cards import shown_name
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Comment, Post, PostKind, PostMention, PostTopic
from intranet.posts.muted.queries import muted_by
from intranet.posts.praise.models import PraisedPerson
from intranet.topics.models import Skill, Topic

CANDIDATES = 80
_TALKS = 60  # of the reader's newest replies, and of those that they got
_LATELY = timedelta(days=90)


def candidates(session: Session, viewer: Viewer, ids: Sequence[int] | None = None) -> tuple[list[Candidate], Taste]:
    """Everything that may be shown, or of ``ids`` what of it is there, and what the reader wants more and less of."""
    person_id = viewer.member_id
    lately = first_id_of(clock.now() - _LATELY)
    reader = _of_reader(session).read(session, {"reader": person_id, "lately": lately})
    # Talking takes two: one who only ever answers me, or whom only I answer, is no exchange.
    talks = {row.person_id for row in reader["answered"]} & {row.person_id for row in reader["answering"]}
    if ids is None:
        stretch = Stretch(limit=CANDIDATES - 1, quiet_for=person_id)
        ids = ids_of_reader(session, _sources(session), person_id, stretch, talks=sorted(talks))
    found = {**reader, **_of_posts(session).read(session, {"reader": person_id, "ids": ids})}
    reasons = _reasons(person_id, found, talks)
    seen = {row.post_id for row in found["seen"]}
    posts = [
        Candidate(row.id, row.author_id, row.kind, row.created_at, tuple(reasons.get(row.id, ())), row.id in seen)
        for row in found["posts"]
    ]
    return posts, _taste(found)


@made_once
def _sources(writing: Writing) -> Callable[[Any], list[Source]]:
    def of_reader(person_id: Any) -> list[Source]:
        talks = select(Person.id.label("key")).where(Person.id.in_(writing.among("talks")))
        return [
            *followed_sources(person_id),
            Source(StreamKind.PERSON, talks),
            Source(StreamKind.TOPIC, select(Skill.topic_id.label("key")).where(Skill.person_id == person_id)),
            one(StreamKind.MENTIONS, person_id),
        ]

    return of_reader


def _answered(person_id: Any, since: Any) -> Any:
    """Whose posts the reader replied to lately."""
    mine, post = aliased(Comment), aliased(Post)
    said = select(post.author_id.label("person_id")).join(mine, mine.post_id == post.id)
    said = said.where(mine.author_id == person_id, mine.id > since, mine.deleted_at.is_(None))
    return said.where(post.author_id != person_id).order_by(mine.id.desc()).limit(_TALKS).subquery()


def _answering(person_id: Any, since: Any) -> Any:
    """Who replied to what the reader posted lately."""
    mine, reply = aliased(Post), aliased(Comment)
    said = select(reply.author_id.label("person_id")).join(mine, mine.id == reply.post_id)
    said = said.where(mine.author_id == person_id, mine.id > since, mine.deleted_at.is_(None))
    said = said.where(reply.author_id != person_id, reply.deleted_at.is_(None))
    return said.order_by(reply.id.desc()).limit(_TALKS).subquery()


_READER: Any = bindparam("reader", type_=BigId)


@made_once
def _of_reader(writing: Writing) -> Several:
    person_id, lately = _READER, bindparam("lately", type_=BigId)
    followed = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == FollowKind.PERSON)
    mine = select(Group.id, Group.name).join(GroupMember, GroupMember.group_id == Group.id)
    selects: dict[str, Rows] = {
        "people": followed,
        "groups": mine.where(GroupMember.person_id == person_id),
        "answered": select(_answered(person_id, lately).c.person_id),
        "answering": select(_answering(person_id, lately).c.person_id),
        "dials": select(FeedDials).where(FeedDials.person_id == person_id),
        "less": select(LessOf.why, LessOf.target_id).where(LessOf.person_id == person_id),
    }
    return writing.several(selects)


@made_once
def _of_posts(writing: Writing) -> Several:
    person_id, ids = _READER, partial(writing.among, "ids")
    followed = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == FollowKind.TOPIC)
    known = select(Skill.topic_id).where(Skill.person_id == person_id)
    about = select(PostTopic.item_id, Topic.id, Topic.slug).join(Topic, Topic.id == PostTopic.topic_id)
    about = about.where(PostTopic.item_id.in_(ids()))
    named = select(PostMention.item_id).where(PostMention.person_id == person_id, PostMention.item_id.in_(ids()))
    praised = select(PraisedPerson.post_id.label("item_id")).where(PraisedPerson.post_id.in_(ids()))
    quiet = Post.id.not_in(muted_by(person_id))
    selects: dict[str, Rows] = {
        "posts": select(Post.id, Post.author_id, Post.audience_id, Post.kind, Post.created_at, Person.name)
        .join(Person, Person.id == Post.author_id)
        .where(Post.id.in_(ids()), Post.deleted_at.is_(None), quiet),
        "topics": about.where(Topic.id.in_(followed)),
        "known": about.where(Topic.id.in_(known)),
        "named": named,
        "praised": praised.where(PraisedPerson.person_id == person_id),
        "seen": select(SeenPost.post_id).where(SeenPost.person_id == person_id, SeenPost.post_id.in_(ids())),
    }
    return writing.several(selects)


def _taste(found: dict[str, list[Any]]) -> Taste:
    less = frozenset((row.why, row.target_id) for row in found["less"])
    dials = found["dials"][0] if found["dials"] else None
    if dials is None:
        return Taste(less=less)
    return Taste(people=dials.people, topics=dials.topics, groups=dials.groups, less=less)


def _reasons(person_id: int, found: dict[str, list[Any]], talks: set[int]) -> dict[int, list[Reason]]:
    followed = {row.target_id for row in found["people"]}
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
            mine.append(Reason(Why.TALKS, row.author_id, shown_name(row.name, row.author_id)))
        if row.author_id in followed:
            mine.append(Reason(Why.PERSON, row.author_id, shown_name(row.name, row.author_id)))
        if row.audience_id in groups:
            mine.append(Reason(Why.GROUP, row.audience_id, groups[row.audience_id]))
    for why, name in ((Why.TOPIC, "topics"), (Why.KNOWN, "known")):
        for row in found[name]:
            if row.item_id in reasons:
                reasons[row.item_id].append(Reason(why, row.id, row.slug))
    return reasons
