"""Reads of posts and comments. The session's own filter keeps out what the viewer may not see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.files.models import StoredFile
from intranet.files.queries import FileCard, card_of
from intranet.groups.models import GroupRole
from intranet.groups.queries import GroupCard, group_cards, roles_in
from intranet.kernel import audience
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page
from intranet.kernel.policy import allows
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard
from intranet.people.queries import person_cards
from intranet.posts.cards import CommentCard, PostCard, ReactionCount, nested
from intranet.posts.finding import Item, find_item, find_post
from intranet.posts.models import (
    Attachment,
    Bookmark,
    Comment,
    Post,
    PostKind,
    PostMention,
    PostTopic,
    Reaction,
    Revision,
    SavedDraft,
)
from intranet.posts.policy import PostPermission
from intranet.posts.polls.queries import PollCard, poll_cards
from intranet.topics.queries import TopicCard, topic_cards

COMMENTS = 50
MOST_PINNED = 3


def post_cards(session: Session, viewer: Viewer, ids: Sequence[int], *, with_quoted: bool = True) -> list[PostCard]:
    """Cards in the order of ``ids``, which may be up to some hundred; deleted and hidden ones are left out.

    A fixed number of statements, however many posts.
    """
    if not ids:
        return []
    posts = {post.id: post for post in session.scalars(select(Post).where(Post.id.in_(ids), Post.deleted_at.is_(None)))}
    around = _look_around(session, viewer, posts, with_quoted=with_quoted)
    return [_post_card(viewer, posts[post_id], around) for post_id in ids if post_id in posts]


@dataclass(frozen=True, slots=True)
class _Around:
    """What cards need beside the rows of the posts themselves, by post, person or audience."""

    people: dict[int, PersonCard]
    reactions: dict[int, tuple[ReactionCount, ...]]
    files: dict[int, tuple[FileCard, ...]]
    topics: dict[int, tuple[TopicCard, ...]]
    replies: dict[int, int]
    polls: dict[int, PollCard]
    quoted: dict[int, PostCard]
    groups: dict[int, GroupCard]
    keeps: dict[int, GroupRole]
    saved: set[int]
    named: set[int]


def _look_around(session: Session, viewer: Viewer, posts: dict[int, Post], *, with_quoted: bool) -> _Around:
    ids = list(posts)
    groups = group_cards(session, {post.audience_id for post in posts.values()} - {audience.EVERYONE})
    return _Around(
        people=person_cards(session, (post.author_id for post in posts.values())),
        reactions=_reactions(session, viewer, ids),
        files=_files(session, ids),
        topics=_topics(session, ids),
        replies=_comment_counts(session, ids),
        polls=poll_cards(session, viewer, [post.id for post in posts.values() if post.kind is PostKind.POLL]),
        quoted=_quoted(session, viewer, posts.values()) if with_quoted else {},
        groups=groups,
        keeps=roles_in(session, viewer, groups) if viewer.id is not None and groups else {},
        saved=_bookmarked(session, viewer, ids),
        named=_named(session, viewer, ids),
    )


def _post_card(viewer: Viewer, post: Post, around: _Around) -> PostCard:
    return PostCard(
        id=post.id,
        post_id=post.id,
        author=around.people[post.author_id],
        text=post.text,
        html=post.html,
        created_at=post.created_at,
        edited_at=post.edited_at,
        reactions=around.reactions.get(post.id, ()),
        files=around.files.get(post.id, ()),
        can_edit=allows(PostPermission.EDIT, viewer, post),
        can_delete=allows(PostPermission.DELETE, viewer, post),
        kind=post.kind,
        audience_id=post.audience_id,
        group=around.groups.get(post.audience_id),
        is_pinned=post.pinned_at is not None,
        is_frozen=post.frozen_at is not None,
        can_pin=around.keeps.get(post.audience_id) is GroupRole.OWNER,
        poll=around.polls.get(post.id),
        quoted_id=post.quoted_id,
        quoted=around.quoted.get(post.quoted_id or 0),
        topics=around.topics.get(post.id, ()),
        comment_count=around.replies.get(post.id, 0),
        is_bookmarked=post.id in around.saved,
        names_me=post.id in around.named,
    )


def _quoted(session: Session, viewer: Viewer, posts: Iterable[Post]) -> dict[int, PostCard]:
    """The posts that these pass on, as far as this viewer may read them; what those pass on is not followed further."""
    ids = {post.quoted_id for post in posts if post.quoted_id is not None}
    return {card.id: card for card in post_cards(session, viewer, sorted(ids), with_quoted=False)}


def post_card(session: Session, viewer: Viewer, post_id: int) -> PostCard:
    """One card.

    Raises:
        NotFound: there is no such post for this viewer.
    """
    cards = post_cards(session, viewer, [post_id])
    if not cards:
        raise NotFound
    return cards[0]


def comment_page(session: Session, viewer: Viewer, post_id: int, *, before: int | None = None) -> Page[CommentCard]:
    """The newest comments of a post, oldest first, with replies inside; ``older`` leads further back.

    Raises:
        NotFound: there is no such post for this viewer.
    """
    find_post(session, post_id)
    found = select(Comment).where(Comment.post_id == post_id)
    if before is not None:
        found = found.where(Comment.id < before)
    rows = list(session.scalars(found.order_by(Comment.id.desc()).limit(COMMENTS + 1)))
    shown = rows[:COMMENTS][::-1]
    older = str(shown[0].id) if len(rows) > COMMENTS else None
    return Page(nested(_comment_cards(session, viewer, shown)), older=older)


def comment_card(session: Session, viewer: Viewer, comment_id: int) -> CommentCard:
    """One comment.

    Raises:
        NotFound: there is no such comment for this viewer.
    """
    item = find_item(session, comment_id)
    if not isinstance(item, Comment):
        raise NotFound
    return _comment_cards(session, viewer, [item])[0]


def item_card(session: Session, viewer: Viewer, item_id: int) -> PostCard | CommentCard:
    """A post, or else a comment.

    Raises:
        NotFound: neither is there for this viewer.
    """
    item = find_item(session, item_id)
    if isinstance(item, Comment):
        return _comment_cards(session, viewer, [item])[0]
    return post_card(session, viewer, item.id)


def _comment_cards(session: Session, viewer: Viewer, rows: Sequence[Comment]) -> list[CommentCard]:
    ids = [row.id for row in rows if row.deleted_at is None]
    people = person_cards(session, (row.author_id for row in rows))
    reactions, files = _reactions(session, viewer, ids), _files(session, ids)
    return [
        CommentCard(
            id=row.id,
            post_id=row.post_id,
            author=people[row.author_id],
            text=row.text if row.deleted_at is None else "",
            html=row.html if row.deleted_at is None else "",
            created_at=row.created_at,
            edited_at=row.edited_at,
            reactions=reactions.get(row.id, ()),
            files=files.get(row.id, ()),
            can_edit=allows(PostPermission.EDIT, viewer, row),
            can_delete=allows(PostPermission.DELETE, viewer, row),
            parent_id=row.parent_id,
            is_deleted=row.deleted_at is not None,
        )
        for row in rows
    ]


def _reactions(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, tuple[ReactionCount, ...]]:
    if not ids:
        return {}
    # MAX over 0 and 1 rather than BOOL_OR, which SQLite does not have.
    mine = func.max(case((Reaction.person_id == (viewer.id or 0), 1), else_=0))
    counted = (
        select(Reaction.item_id, Reaction.kind, func.count(), mine)
        .where(Reaction.item_id.in_(ids))
        .group_by(Reaction.item_id, Reaction.kind)
    )
    order = list(ReactionKind)
    found: dict[int, list[ReactionCount]] = {}
    for item_id, kind, count, is_mine in session.execute(counted):
        found.setdefault(item_id, []).append(ReactionCount(kind, count, bool(is_mine)))
    return {item_id: tuple(sorted(counts, key=lambda one: order.index(one.kind))) for item_id, counts in found.items()}


def _files(session: Session, ids: Sequence[int]) -> dict[int, tuple[FileCard, ...]]:
    if not ids:
        return {}
    hanging = (
        select(Attachment.item_id, StoredFile)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.item_id.in_(ids))
        .order_by(Attachment.item_id, Attachment.position)
    )
    found: dict[int, tuple[FileCard, ...]] = {}
    for item_id, stored in session.execute(hanging):
        found[item_id] = (*found.get(item_id, ()), card_of(stored))
    return found


def _topics(session: Session, ids: Sequence[int]) -> dict[int, tuple[TopicCard, ...]]:
    links = session.execute(select(PostTopic.item_id, PostTopic.topic_id).where(PostTopic.item_id.in_(ids))).all()
    cards = topic_cards(session, (topic_id for _item, topic_id in links))
    found: dict[int, tuple[TopicCard, ...]] = {}
    for item_id, topic_id in links:
        if topic_id in cards:
            found[item_id] = (*found.get(item_id, ()), cards[topic_id])
    return found


def _comment_counts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    counted = (
        select(Comment.post_id, func.count())
        .where(Comment.post_id.in_(ids), Comment.deleted_at.is_(None))
        .group_by(Comment.post_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _bookmarked(session: Session, viewer: Viewer, ids: Sequence[int]) -> set[int]:
    if viewer.id is None:
        return set()
    mine = select(Bookmark.post_id).where(Bookmark.person_id == viewer.id, Bookmark.post_id.in_(ids))
    return set(session.scalars(mine))


def _named(session: Session, viewer: Viewer, ids: Sequence[int]) -> set[int]:
    if viewer.id is None:
        return set()
    mine = select(PostMention.item_id).where(PostMention.person_id == viewer.id, PostMention.item_id.in_(ids))
    return set(session.scalars(mine))


@dataclass(frozen=True, slots=True)
class Version:
    """What an item said at one time."""

    html: str
    written_at: datetime
    is_current: bool


def pinned(session: Session, viewer: Viewer, audience_id: int) -> list[PostCard]:
    """What is kept in sight in a group, the newest pin first."""
    found = select(Post.id).where(
        Post.audience_id == audience_id, Post.pinned_at.is_not(None), Post.deleted_at.is_(None)
    )
    return post_cards(session, viewer, list(session.scalars(found.order_by(Post.pinned_at.desc()).limit(MOST_PINNED))))


def versions(session: Session, item_id: int) -> list[Version]:
    """Everything an item has said, newest first; the last hundred versions.

    Raises:
        NotFound: there is no such item for this viewer.
    """
    item: Item = find_item(session, item_id)
    past = select(Revision).where(Revision.item_id == item_id).order_by(Revision.id.desc()).limit(100)
    current = Version(item.html, item.edited_at or item.created_at, is_current=True)
    return [current, *(Version(row.html, row.written_at, is_current=False) for row in session.scalars(past))]


def draft_at(session: Session, viewer: Viewer, place: str) -> SavedDraft | None:
    """What the viewer began to write at a place."""
    return session.get(SavedDraft, (viewer.member_id, place))


def audience_size(session: Session, audience_id: int) -> int:
    """How many people can read what is posted to an audience."""
    active = select(func.count()).select_from(Person).where(Person.deactivated_at.is_(None))
    if audience_id != audience.EVERYONE:
        inside = select(audience.Membership.person_id).where(audience.Membership.audience_id == audience_id)
        active = active.where(Person.id.in_(inside))
    return session.scalar(active) or 0


def comment_count(session: Session, post_id: int) -> int:
    """How many comments a post has."""
    return _comment_counts(session, [post_id]).get(post_id, 0)


def reaction_counts(session: Session, item_id: int) -> dict[str, int]:
    """How many reacted in each way."""
    counted = select(Reaction.kind, func.count()).where(Reaction.item_id == item_id).group_by(Reaction.kind)
    return {row[0].value: row[1] for row in session.execute(counted)}
