"""Timelines: ids of posts, newest first, by keyset. Ids sort by time, so an id is the whole cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from intranet.feed.models import ReadMark
from intranet.feed.streams import PAGE, Ids, StreamKind, Stretch, every_post, followed_ids, ids_by, posts_of
from intranet.groups.models import GroupMember
from intranet.kernel import apart, clock
from intranet.kernel.db import viewer_of
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import first_id_of
from intranet.kernel.page import Page
from intranet.kernel.tables import BigId
from intranet.kernel.together import Rows, Several, Writing, made_once
from intranet.kernel.viewer import Viewer
from intranet.people.lists.models import ListedPerson
from intranet.people.models import Follow, FollowKind
from intranet.posts.cards import PostCard
from intranet.posts.models import Bookmark, Post, PostTopic
from intranet.posts.queries import post_cards
from intranet.topics.models import Topic
from intranet.topics.queries import TopicCard, topic_cards
from intranet.topics.vocabulary import topic_ids

LONGEST_AWAY = timedelta(days=14)


class View(StrEnum):
    """The ways to read the home feed: what one follows or all there is, newest first; ranked; what one missed."""

    FOR_YOU = "for-you"
    FOLLOWING = "following"
    EVERYONE = "everyone"
    CATCH_UP = "catch-up"


IN_TIME = frozenset({View.FOLLOWING, View.EVERYONE})


def home_timeline(session: Session, viewer: Viewer, view: View, stretch: Stretch) -> Page[PostCard]:
    """The home feed: complete, newest first, but for the threads that the viewer muted. Four statements."""
    stretch = replace(stretch, quiet_for=viewer.id)
    if view is View.EVERYONE:
        return _page_of(session, viewer, every_post(apart.unheard(viewer.id)), stretch)
    return _page(session, viewer, followed_ids(session, viewer.member_id, stretch), stretch)


def catch_up(
    session: Session, viewer: Viewer, *, after: int | None = None, mark: int | None = None, limit: int = PAGE
) -> Page[PostCard]:
    """What came while the viewer was away and they have not seen, oldest first; ``older`` leads on towards now.

    It begins after the post that they stopped at the last time (``mark``, looked up where it is not given), at most two
    weeks ago, and it ends. Five statements.
    """
    if after is None and mark is None:
        held = session.get(ReadMark, (viewer.member_id, View.CATCH_UP.value))
        mark = held.post_id if held else 0
    begin = after if after is not None else max(mark or 0, first_id_of(clock.now() - LONGEST_AWAY))
    stretch = Stretch(after=begin, limit=limit, unseen_by=viewer.member_id, quiet_for=viewer.member_id)
    ids = followed_ids(session, viewer.member_id, stretch)
    more, ids = len(ids) > limit, ids[:limit]
    # One's own posts are no news to their author.
    cards = [card for card in post_cards(session, viewer, ids) if card.author.id != viewer.id]
    return Page(cards, older=str(ids[-1]) if more else None)


def person_timeline(session: Session, viewer: Viewer, person_id: int, stretch: Stretch) -> Page[PostCard]:
    """What one person posted, as far as the viewer may read it."""
    return _page_of(session, viewer, posts_of(StreamKind.PERSON, person_id), stretch)


def topic_timeline(session: Session, viewer: Viewer, topic_id: int, stretch: Stretch) -> Page[PostCard]:
    """Posts that name a topic."""
    unheard = apart.unheard(viewer.id)
    return _page_of(session, viewer, posts_of(StreamKind.TOPIC, topic_id, unheard=unheard), stretch)


def group_timeline(session: Session, viewer: Viewer, group_id: int, stretch: Stretch) -> Page[PostCard]:
    """What was posted in a group, as far as the viewer may read it."""
    unheard = apart.unheard(viewer.id)
    return _page_of(session, viewer, posts_of(StreamKind.GROUP, group_id, unheard=unheard), stretch)


def list_timeline(session: Session, viewer: Viewer, list_id: int, stretch: Stretch) -> Page[PostCard]:
    """What the people of a list posted; the caller has found the list to be the viewer's."""
    people = select(ListedPerson.person_id.label("key")).where(ListedPerson.list_id == list_id)
    return _page(session, viewer, ids_by(session, viewer.member_id, people, stretch), stretch)


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


def _page_of(session: Session, viewer: Viewer, ids: Ids, stretch: Stretch) -> Page[PostCard]:
    return _page(session, viewer, list(session.scalars(stretch.cut(ids))), stretch)


def _page(session: Session, viewer: Viewer, ids: list[int], stretch: Stretch) -> Page[PostCard]:
    """The page of ids that lie nearest to where the stretch begins, with one more than it holds if there are more."""
    is_forward = stretch.after is not None
    has_more, ids = len(ids) > stretch.limit, ids[: stretch.limit]
    if is_forward:
        ids.reverse()
    return Page(
        post_cards(session, viewer, ids),
        older=str(ids[-1]) if ids and (has_more or is_forward) else None,
        newer=str(ids[0]) if ids and (has_more if is_forward else stretch.before is not None) else None,
    )


@dataclass(frozen=True, slots=True)
class Following:
    """Whom and what the reader follows, for the page's script to tell which arrivals belong into the feed; and by view
    the newest post that they have seen there."""

    people: frozenset[int]
    slugs: frozenset[str]
    groups: frozenset[int]
    marks: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.slugs or self.groups)


NOBODY = Following(people=frozenset(), slugs=frozenset(), groups=frozenset(), marks={})
_MOST_LISTED = 2000


def following(session: Session, viewer: Viewer) -> Following:
    """What the viewer follows, up to some thousand of each. One statement."""
    found = _followed(session).read(session, {"reader": viewer.member_id})
    people, slugs_found, groups = (frozenset(row[0] for row in found[name]) for name in ("people", "slugs", "groups"))
    marks = {row.view: row.post_id for row in found["marks"]}
    return Following(people=people, slugs=slugs_found, groups=groups, marks=marks)


@made_once
def _followed(writing: Writing) -> Several:
    reader: Any = bindparam("reader", type_=BigId)
    mine = select(Follow.target_id).where(Follow.follower_id == reader)
    slugs = select(Topic.slug).where(Topic.id.in_(mine.where(Follow.kind == FollowKind.TOPIC)))
    selects: dict[str, Rows] = {
        "people": mine.where(Follow.kind == FollowKind.PERSON).limit(_MOST_LISTED),
        "slugs": slugs.limit(_MOST_LISTED),
        "groups": select(GroupMember.group_id).where(GroupMember.person_id == reader),
        "marks": select(ReadMark.view, ReadMark.post_id).where(ReadMark.person_id == reader),
    }
    return writing.several(selects)


def liveliest(session: Session, *, limit: int = 6) -> list[int]:
    """People who posted most among the newest few hundred posts, as something to begin with."""
    unheard = apart.unheard(viewer_of(session).id)
    said = select(Post.author_id).where(Post.deleted_at.is_(None), Post.author_id.not_in(unheard))
    recent = said.order_by(Post.id.desc()).limit(400).subquery()
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
