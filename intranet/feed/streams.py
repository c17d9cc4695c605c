"""Posts of many streams as one, newest first: one statement, whether somebody follows three streams or two thousand.

A stream is a group, a person, a topic or the announcements; each can be read from an index of its own. The statement
first looks at the head of every stream, which is one step in an index, and keeps as many streams as posts are wanted:
only those can hold any of them. It then reads these few, each no further than the page is long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import CTE, Select, and_, func, literal, select, true, union_all
from sqlalchemy.orm import Session, aliased

from intranet.groups.models import GroupMember
from intranet.kernel import apart
from intranet.kernel.apart import People
from intranet.kernel.ids import parse_id
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Post, PostKind, PostTopic

PAGE = 20
Ids = Select[Any]


class StreamKind(StrEnum):
    """What posts can have in common."""

    GROUP = "group"
    PERSON = "person"
    TOPIC = "topic"
    ANNOUNCEMENTS = "announcements"


Posts = Callable[[StreamKind, Any], Ids]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a timeline is asked for: what precedes ``before``, or what follows ``after``, or the newest."""

    before: int | None = None
    after: int | None = None
    limit: int = PAGE

    @classmethod
    def of(cls, before: str | None, after: str | None, *, limit: int = PAGE) -> "Stretch":
        """From the texts of a query string.

        Raises:
            NotFound: one of them is no id.
        """
        return cls(
            before=parse_id(before) if before else None,
            after=parse_id(after) if after and not before else None,
            limit=limit,
        )

    def cut(self, ids: Ids, *, limit: int | None = None) -> Ids:
        """The ids of this stretch, those nearest to where it begins first; one more than it holds tells of the rest."""
        post_id = ids.selected_columns[0]
        if self.after is not None:
            ids = ids.where(post_id > self.after).order_by(post_id.asc())
        else:
            ids = ids.where(post_id < self.before) if self.before is not None else ids
            ids = ids.order_by(post_id.desc())
        return ids.limit(limit or self.limit + 1)


def every_post(unheard: People) -> Ids:
    """Ids of all posts but those of some people."""
    return select(Post.id).where(Post.deleted_at.is_(None), Post.not_by(unheard))


def posts_of(kind: StreamKind, key: Any, *, unheard: People | None = None) -> Ids:
    """Ids of the posts of one stream without those of some people; ``key`` is an id, or a column of ids."""
    post = aliased(Post)
    there_is = [post.deleted_at.is_(None), *([] if unheard is None else [post.not_by(unheard)])]
    there = select(post.id.label("id")).where(*there_is)
    if kind is StreamKind.GROUP:
        return there.where(post.audience_id == key)
    if kind is StreamKind.PERSON:
        return there.where(post.author_id == key)
    if kind is StreamKind.ANNOUNCEMENTS:
        return there.where(post.kind == PostKind.ANNOUNCEMENT)
    link = aliased(PostTopic)
    named = select(link.item_id.label("id")).where(link.topic_id == key, link.item_id == link.post_id)
    return named.join(post, and_(post.id == link.post_id, *there_is))


def followed_ids(session: Session, person_id: int, stretch: Stretch) -> list[int]:
    """Ids of what somebody's groups, people, topics and the announcements hold in a stretch, without those from whom
    they keep apart. One statement."""
    posts = partial(posts_of, unheard=apart.unheard(person_id))
    followed = select(Follow.target_id.label("key")).where(Follow.follower_id == person_id)
    streams = {
        StreamKind.GROUP: select(GroupMember.group_id.label("key")).where(GroupMember.person_id == person_id),
        StreamKind.PERSON: followed.where(Follow.kind == FollowKind.PERSON),
        StreamKind.TOPIC: followed.where(Follow.kind == FollowKind.TOPIC),
    }
    heads = [_heads(posts, kind, keys, stretch) for kind, keys in streams.items()]
    heads += [_head(posts, StreamKind.PERSON, person_id, stretch), _head(posts, StreamKind.ANNOUNCEMENTS, 0, stretch)]
    return _merged(session, posts, heads, stretch)


def ids_by(session: Session, person_id: int, people: Ids, stretch: Stretch) -> list[int]:
    """Ids of what some people (a select of ids as ``key``) posted, as it reaches somebody. One statement."""
    posts = partial(posts_of, unheard=apart.unheard(person_id))
    return _merged(session, posts, [_heads(posts, StreamKind.PERSON, people, stretch)], stretch)


def _merged(session: Session, posts: Posts, heads: list[Ids], stretch: Stretch) -> list[int]:
    lively = _lively(heads, stretch)
    found = union_all(*(_read(session, posts, lively, kind, stretch) for kind in StreamKind)).subquery()
    return list(session.scalars(stretch.cut(select(found.c.id).distinct())))


def _heads(posts: Posts, kind: StreamKind, keys: Ids, stretch: Stretch) -> Ids:
    key = keys.subquery().c.key
    head = stretch.cut(posts(kind, key), limit=1).correlate(key.table).scalar_subquery()
    return select(literal(kind.value).label("kind"), key, head.label("head"))


def _head(posts: Posts, kind: StreamKind, key: int, stretch: Stretch) -> Ids:
    head = stretch.cut(posts(kind, key), limit=1).scalar_subquery()
    return select(literal(kind.value).label("kind"), literal(key).label("key"), head.label("head"))


def _lively(heads: list[Ids], stretch: Stretch) -> CTE:
    """The streams that may hold a post of the page: the heads are posts themselves, so that as many different heads as
    posts are wanted leave no place for a stream whose head lies beyond them."""
    found = union_all(*heads).subquery()
    order = found.c.head.asc() if stretch.after is not None else found.c.head.desc()
    place = func.dense_rank().over(order_by=order).label("place")
    placed = select(found.c.kind, found.c.key, place).where(found.c.head.is_not(None)).subquery()
    return select(placed.c.kind, placed.c.key).where(placed.c.place <= stretch.limit + 1).cte("lively")


def _read(session: Session, posts: Posts, lively: CTE, kind: StreamKind, stretch: Stretch) -> Ids:
    ids = stretch.cut(posts(kind, lively.c.key)).correlate(lively)
    if session.get_bind().dialect.name != "sqlite":
        each = ids.lateral()
        return select(each.c.id).select_from(lively).join(each, true()).where(lively.c.kind == kind.value)
    # SQLite has no LATERAL, but lets the list of an IN depend on the row beside it.
    post = aliased(Post)
    return select(post.id).select_from(lively).join(post, post.id.in_(ids)).where(lively.c.kind == kind.value)
