"""Posts of many streams as one, newest first, in the same time whether somebody follows three streams or two thousand.

A stream is a group, a person, a topic, the announcements or what names or praises somebody; each can be read
from an index of its own. The statement first looks at the head of every stream, which is one step in an index,
and keeps as many streams as posts are wanted: only those can hold any of them. It then reads these few, each no
further than the page can reach.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    SelectBase,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from intranet.feed.models import SeenPost
from intranet.groups.models import GroupMember
from intranet.kernel import apart
from intranet.kernel.apart import People
from intranet.kernel.ids import MAX_ID, parse_id
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.together import Writing, made_once
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Post, PostKind, PostMention, PostTopic
from intranet.posts.muted.queries import muted_by
from intranet.posts.praise.models import PraisedPerson

PAGE = 20
Ids = Select[Any]


class StreamKind(StrEnum):
    """What posts can have in common."""

    GROUP = "group"
    PERSON = "person"
    TOPIC = "topic"
    ANNOUNCEMENTS = "announcements"
    MENTIONS = "mentions"
    PRAISE = "praise"


Posts = Callable[[StreamKind, Any], Ids]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a timeline is asked for: what precedes ``before``, or what follows ``after``, or the newest; of it
    only what ``unseen_by`` has not seen, and not the threads that ``quiet_for`` has muted."""

    before: int | None = None
    after: int | None = None
    limit: int = PAGE
    unseen_by: int | None = None
    quiet_for: int | None = None

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
        if self.unseen_by is not None:
            ids = ids.where(post_id.not_in(select(SeenPost.post_id).where(SeenPost.person_id == self.unseen_by)))
        if self.quiet_for is not None:
            ids = ids.where(post_id.not_in(muted_by(self.quiet_for)))
        if self.after is not None:
            ids = ids.where(post_id > self.after).order_by(post_id.asc())
        else:
            ids = ids.where(post_id < self.before) if self.before is not None else ids
            ids = ids.order_by(post_id.desc())
        return ids.limit(self.limit + 1 if limit is None else limit)


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
    if kind is StreamKind.PRAISE:
        praised = aliased(PraisedPerson)
        praising = select(praised.post_id.label("id")).where(praised.person_id == key)
        return praising.join(post, and_(post.id == praised.post_id, *there_is))
    link: Any = aliased(PostTopic if kind is StreamKind.TOPIC else PostMention)
    names = link.topic_id if kind is StreamKind.TOPIC else link.person_id
    # What a comment names finds no post under the comment's id. Said as "where it is the post itself", PostgreSQL takes
    # it to hold for one row in two hundred, and reads the whole stream where the newest post was wanted.
    named = select(link.item_id.label("id")).where(names == key)
    return named.join(post, and_(post.id == link.item_id, *there_is))


@dataclass(frozen=True, slots=True)
class Source:
    """Streams of one kind; ``keys`` is a select of their ids in a column called ``key``."""

    kind: StreamKind
    keys: SelectBase


def followed_sources(person_id: Any) -> list[Source]:
    """Somebody's groups, the people and topics that they follow, they themselves, praise of them, and announcements."""
    followed = select(Follow.target_id.label("key")).where(Follow.follower_id == person_id)
    mine = select(GroupMember.group_id.label("key")).where(GroupMember.person_id == person_id)
    people = followed.where(Follow.kind == FollowKind.PERSON).union_all(one(StreamKind.PERSON, person_id).keys)
    return [
        Source(StreamKind.GROUP, mine),
        Source(StreamKind.PERSON, people),
        Source(StreamKind.TOPIC, followed.where(Follow.kind == FollowKind.TOPIC)),
        one(StreamKind.ANNOUNCEMENTS),
        one(StreamKind.PRAISE, person_id),
    ]


def one(kind: StreamKind, key: Any = 0) -> Source:
    """A single stream as a source."""
    return Source(kind, select((literal(key, BigId) if isinstance(key, int) else key).label("key")))


def merged(writing: Writing, person_id: Any, sources: Sequence[Source], stretch: Stretch) -> Ids:
    """The ids of a stretch of all these streams together, each once, without those from whom the reader keeps apart."""
    posts = partial(posts_of, unheard=apart.unheard(person_id))
    bound, lively = _lively([_heads(posts, source, stretch) for source in sources], stretch)
    kinds = sorted({source.kind for source in sources})
    reach = _Reach(lively, bound, stretch)
    found = union_all(*(_read(writing, posts, kind, reach) for kind in kinds)).subquery()
    return stretch.cut(select(found.c.id).distinct())


def followed_ids(session: Session, person_id: int, stretch: Stretch) -> list[int]:
    """Ids of what somebody follows in a stretch. One statement."""
    return ids_of_reader(session, followed_sources, person_id, stretch)


def ids_by(session: Session, person_id: int, people: Ids, stretch: Stretch) -> list[int]:
    """Ids of what some people (a select of ids as ``key``) posted, as it reaches somebody. One statement."""
    sources = [Source(StreamKind.PERSON, people)]
    return list(session.scalars(merged(Writing.of(session), person_id, sources, stretch)))


def ids_of_reader(
    session: Session, sources: Callable[[Any], list[Source]], person_id: int, stretch: Stretch, **places: Any
) -> list[int]:
    """Ids in a stretch of the streams that belong to a reader; ``places`` are what the sources leave open."""
    statement = _of_reader(
        session,
        sources,
        stretch.after is not None,
        stretch.before is not None,
        stretch.unseen_by is not None,
        stretch.quiet_for is not None,
    )
    edge = stretch.after if stretch.after is not None else stretch.before
    return statement.scalars(session, {"reader": person_id, "edge": edge, "longest": stretch.limit, **places})


@made_once
def _of_reader(  # noqa: PLR0917 (each makes another statement)
    writing: Writing,
    sources: Callable[[Any], list[Source]],
    is_forward: bool,
    is_further: bool,
    is_unseen: bool,
    is_quiet: bool,
) -> Prepared:
    """The statement, with places for the reader, the edge and the length."""
    reader: Any = bindparam("reader", type_=BigId)
    edge: Any = bindparam("edge", type_=BigId)
    stretch = Stretch(
        after=edge if is_forward else None,
        before=edge if is_further and not is_forward else None,
        limit=bindparam("longest", type_=BigId),  # type: ignore[arg-type]  # a place for a number
        unseen_by=reader if is_unseen else None,
        quiet_for=reader if is_quiet else None,
    )
    return Prepared(merged(writing, reader, sources(reader), stretch))


@dataclass(frozen=True, slots=True)
class _Reach:
    """The streams that are read, and the post beyond which none of them can hold one of the page."""

    lively: CTE
    bound: "ColumnElement[int]"
    stretch: Stretch


def _heads(posts: Posts, source: Source, stretch: Stretch) -> Ids:
    key = source.keys.subquery().c.key
    head = stretch.cut(posts(source.kind, key), limit=1).correlate(key.table).scalar_subquery()
    return select(literal(source.kind.value).label("kind"), key, head.label("head"))


def _lively(heads: list[Ids], stretch: Stretch) -> "tuple[ColumnElement[int], CTE]":
    """How far the page can reach at most, and the streams that may hold a post of it.

    The heads are posts themselves: as many different heads as posts are wanted leave no place for anything beyond.
    """
    # Kept as it is: folded into what reads it, each head would be looked up twice.
    found = union_all(*heads).cte("heads").prefix_with("MATERIALIZED")
    order = found.c.head.asc() if stretch.after is not None else found.c.head.desc()
    place = func.dense_rank().over(order_by=order).label("place")
    placed = select(found.c.kind, found.c.key, found.c.head, place).where(found.c.head.is_not(None)).subquery()
    lively = (
        select(placed.c.kind, placed.c.key, placed.c.head, placed.c.place)
        .where(placed.c.place <= stretch.limit + 1)
        .cte("lively")
    )
    last = select(lively.c.head).where(lively.c.place == stretch.limit + 1).limit(1).scalar_subquery()
    return func.coalesce(last, MAX_ID if stretch.after is not None else 0), lively


def _read(writing: Writing, posts: Posts, kind: StreamKind, reach: _Reach) -> Ids:
    lively, stretch = reach.lively, reach.stretch
    stream = posts(kind, lively.c.key)
    post_id = stream.selected_columns[0]
    within = post_id <= reach.bound if stretch.after is not None else post_id >= reach.bound
    return writing.for_each(lively, stretch.cut(stream.where(within))).where(lively.c.kind == kind.value)
