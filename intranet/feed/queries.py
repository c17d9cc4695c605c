"""Timelines: ids of posts, newest first, by keyset. Ids sort by time, so an id is the whole cursor."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from intranet.feed.models import ReadMark
from intranet.groups.queries import group_ids_of
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import parse_id
from intranet.kernel.page import Page
from intranet.kernel.viewer import Viewer
from intranet.people.models import Follow, FollowKind
from intranet.posts.cards import PostCard
from intranet.posts.models import Bookmark, Post, PostKind, PostTopic
from intranet.posts.queries import post_cards
from intranet.topics.models import Topic
from intranet.topics.queries import TopicCard, topic_cards
from intranet.topics.vocabulary import topic_ids

PAGE = 20
_TOGETHER = 100  # streams in one statement; SQLite takes five hundred
Ids = Select[Any]


class View(StrEnum):
    """The two ways to read the home feed."""

    FOLLOWING = "following"
    EVERYONE = "everyone"


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


def home_timeline(session: Session, viewer: Viewer, view: View, stretch: Stretch) -> Page[PostCard]:
    """The home feed: complete, newest first."""
    if view is View.EVERYONE:
        return _page(session, viewer, [_newest()], stretch)
    return _page(session, viewer, _following(session, viewer.member_id), stretch)


def person_timeline(session: Session, viewer: Viewer, person_id: int, stretch: Stretch) -> Page[PostCard]:
    """What one person posted, as far as the viewer may read it."""
    return _page(session, viewer, [_newest(Post.author_id == person_id)], stretch)


def topic_timeline(session: Session, viewer: Viewer, topic_id: int, stretch: Stretch) -> Page[PostCard]:
    """Posts that name a topic."""
    return _page(session, viewer, [_about(PostTopic.topic_id == topic_id)], stretch)


def group_timeline(session: Session, viewer: Viewer, group_id: int, stretch: Stretch) -> Page[PostCard]:
    """What was posted in a group, as far as the viewer may read it."""
    return _page(session, viewer, [_newest(Post.audience_id == group_id)], stretch)


def bookmarks(session: Session, viewer: Viewer, stretch: Stretch) -> Page[PostCard]:
    """The viewer's bookmarks, the newest mark first; the cursor is the bookmark's id."""
    mine = (
        select(Bookmark.id, Bookmark.post_id)
        .join(Post, Post.id == Bookmark.post_id)
        .where(Bookmark.person_id == viewer.member_id, Post.deleted_at.is_(None))
    )
    if stretch.before is not None:
        mine = mine.where(Bookmark.id < stretch.before)
    rows = session.execute(mine.order_by(Bookmark.id.desc()).limit(stretch.limit + 1)).all()
    shown = rows[: stretch.limit]
    older = str(shown[-1].id) if len(rows) > stretch.limit else None
    return Page(post_cards(session, viewer, [row.post_id for row in shown]), older=older)


def _newest(*conditions: ColumnElement[bool]) -> Ids:
    return select(Post.id.label("id")).where(Post.deleted_at.is_(None), *conditions)


def _about(condition: ColumnElement[bool]) -> Ids:
    of_post = and_(Post.id == PostTopic.post_id, PostTopic.item_id == PostTopic.post_id)
    named = select(PostTopic.item_id.label("id")).join(Post, of_post)
    return named.where(Post.deleted_at.is_(None), condition)


def _following(session: Session, person_id: int) -> list[Ids]:
    """Streams that are each read from an index of their own, and merged: people and I, groups, topics, announcements.

    One stream for each topic: asked for all topics at once, SQLite sorts every post that names any of them.
    """
    followed = select(Follow.target_id).where(Follow.follower_id == person_id)
    people = followed.where(Follow.kind == FollowKind.PERSON).union_all(select(literal(person_id)))
    topics = session.scalars(followed.where(Follow.kind == FollowKind.TOPIC)).all()
    groups = group_ids_of(session, person_id)
    return [
        *(_newest(Post.audience_id == group_id) for group_id in sorted(groups)),
        _newest(Post.author_id.in_(people)),
        _newest(Post.kind == PostKind.ANNOUNCEMENT),
        *(_about(PostTopic.topic_id == topic_id) for topic_id in topics),
    ]


def _page(session: Session, viewer: Viewer, branches: Iterable[Ids], stretch: Stretch) -> Page[PostCard]:
    found: set[int] = set()
    streams = [_stretched(branch, stretch) for branch in branches]
    for start in range(0, len(streams), _TOGETHER):
        parts = [select(stream.subquery().c.id) for stream in streams[start : start + _TOGETHER]]
        found.update(session.scalars(union_all(*parts)))
    is_forward = stretch.after is not None
    ids = sorted(found, reverse=not is_forward)
    has_more, ids = len(ids) > stretch.limit, ids[: stretch.limit]
    if is_forward:
        ids.reverse()
    return Page(
        post_cards(session, viewer, ids),
        older=str(ids[-1]) if ids and (has_more or is_forward) else None,
        newer=str(ids[0]) if ids and (has_more if is_forward else stretch.before is not None) else None,
    )


def _stretched(branch: Ids, stretch: Stretch) -> Ids:
    post_id = branch.selected_columns[0]
    if stretch.after is not None:
        return branch.where(post_id > stretch.after).order_by(post_id.asc()).limit(stretch.limit + 1)
    if stretch.before is not None:
        branch = branch.where(post_id < stretch.before)
    return branch.order_by(post_id.desc()).limit(stretch.limit + 1)


@dataclass(frozen=True, slots=True)
class Following:
    """Whom and what the reader follows, for the page's script to tell which arrivals belong into the feed."""

    people: frozenset[int]
    slugs: frozenset[str]
    groups: frozenset[int]

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.slugs or self.groups)


_MOST_LISTED = 2000


def following(session: Session, viewer: Viewer) -> Following:
    """What the viewer follows, up to some thousand of each."""
    mine = select(Follow.target_id).where(Follow.follower_id == viewer.member_id)
    slugs = select(Topic.slug).where(Topic.id.in_(mine.where(Follow.kind == FollowKind.TOPIC)))
    return Following(
        people=frozenset(session.scalars(mine.where(Follow.kind == FollowKind.PERSON).limit(_MOST_LISTED))),
        slugs=frozenset(session.scalars(slugs.limit(_MOST_LISTED))),
        groups=group_ids_of(session, viewer.member_id),
    )


def read_mark(session: Session, viewer: Viewer, view: View) -> int | None:
    """The newest post that the viewer has seen in a view; None at the first visit."""
    mark = session.get(ReadMark, (viewer.member_id, view.value))
    return mark.post_id if mark else None


def liveliest(session: Session, *, limit: int = 6) -> list[int]:
    """People who posted most among the newest few hundred posts, as something to begin with."""
    recent = select(Post.author_id).where(Post.deleted_at.is_(None)).order_by(Post.id.desc()).limit(400).subquery()
    counted = select(recent.c.author_id).group_by(recent.c.author_id)
    return list(session.scalars(counted.order_by(func.count().desc(), recent.c.author_id).limit(limit)))


def liveliest_topics(session: Session, *, limit: int = 8) -> list[int]:
    """Topics named most in the newest few hundred links, as something to begin with."""
    recent = select(PostTopic.topic_id).order_by(PostTopic.item_id.desc()).limit(400).subquery()
    counted = select(recent.c.topic_id).group_by(recent.c.topic_id)
    return list(session.scalars(counted.order_by(func.count().desc(), recent.c.topic_id).limit(limit)))


def topic_by_slug(session: Session, slug: str) -> TopicCard:
    """The topic that is called so, also by another of its names.

    Raises:
        NotFound: none is.
    """
    found = topic_ids(session, [slug])
    cards = topic_cards(session, found.values())
    if not cards:
        raise NotFound
    return next(iter(cards.values()))
