"""Reads of posts and comments. The session's own filter keeps out what the viewer may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased

from intranet.accounts.models import Person
from intranet.kernel import audience
from intranet.kernel.db import KEPT
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page
from intranet.kernel.policy import allows
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.together import Writing, made_once
from intranet.kernel.viewer import Viewer
from intranet.links.cards import LinkCard
from intranet.posts.cards import CommentCard, PostCard, nested
from intranet.posts.changes import Piece, changes
from intranet.posts.finding import Item, find_item, find_post, title_of
from intranet.posts.models import Comment, Post, PostKind, Reaction, Revision, SavedDraft
from intranet.posts.parts.hanging import (
    NOTHING_SAID,
    Hanging,
    Said,
    hanging_on_comments,
    hanging_on_posts,
    replies_select,
)
from intranet.posts.parts.registry import Asked
from intranet.posts.policy import PostPermission

COMMENTS = 50
MOST_PINNED = 3
_SHOWN = (
    *(Post.id, Post.audience_id, Post.author_id, Post.kind, Post.text, Post.html, Post.title, Post.created_at),
    *(Post.edited_at, Post.pinned_at, Post.frozen_at, Post.quoted_id, Post.linked_id, Post.link_card, Post.accepted_id),
)
_COMPARED = 20  # versions whose changes are marked


def post_cards(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[PostCard]:
    """Cards in the order of ``ids``, which may be up to some hundred; deleted and hidden ones are left out.

    Three statements, however many posts and whatever is on them: the posts with those that they pass on or link to,
    what hangs on them, and the people. ``parts.registry`` says how something is added to cards.
    """
    if not ids:
        return []
    posts = {post.id: post for post in _with_quoted(session).rows(session, {"ids": list(ids)})}
    audiences = frozenset(post.audience_id for post in posts.values()) - {audience.EVERYONE}
    asked = Asked(viewer, {post.id: post.kind for post in posts.values()}, audiences)
    around = hanging_on_posts(session, asked, {post.author_id for post in posts.values()})
    wanted = [posts[post_id] for post_id in ids if post_id in posts]
    # What a quoted post passes on in its turn is not followed further.
    quoted = {found for post in wanted for found in (post.quoted_id, post.linked_id) if found in posts}
    cards = {post_id: _post_card(viewer, posts[post_id], around, {}) for post_id in quoted}
    return [_post_card(viewer, post, around, cards) for post in wanted]


@made_once
def _with_quoted(writing: Writing) -> Prepared:
    """The posts of a page, and those that they pass on or link to."""
    quoting = aliased(Post)
    columns = (quoting.id, quoting.quoted_id, quoting.linked_id)
    these = quoting.id.in_(writing.among("ids"))
    asked_for = union_all(*(select(column).where(these, column.is_not(None)) for column in columns))
    there = select(*_SHOWN).where(Post.id.in_(asked_for), Post.deleted_at.is_(None))
    return Prepared(there)


def _post_card(viewer: Viewer, post: Any, around: Hanging, quoted: dict[int, PostCard]) -> PostCard:
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
        can_pin=post.audience_id in around.keeps,
        quoted_id=post.quoted_id,
        quoted=quoted.get(post.quoted_id or 0),
        link=LinkCard.of(post.link_card),
        link_is_removed=post.link_card == {},
        linked=quoted.get(post.linked_id or 0) if post.linked_id != post.quoted_id else None,
        topics=around.topics.get(post.id, ()),
        comment_count=around.replies.get(post.id, NOTHING_SAID).comments,
        answer_count=around.replies.get(post.id, NOTHING_SAID).answers,
        title=post.title,
        accepted_id=post.accepted_id,
        is_bookmarked=post.id in around.saved,
        names_me=post.id in around.named,
        is_muted=post.id in around.muted,
        parts=around.parts.get(post.id, {}),
    )


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
    return Page(nested(comment_cards(session, viewer, shown)), older=older)


def comment_card(session: Session, viewer: Viewer, comment_id: int) -> CommentCard:
    """One comment.

    Raises:
        NotFound: there is no such comment for this viewer.
    """
    item = find_item(session, comment_id)
    if not isinstance(item, Comment):
        raise NotFound
    return comment_cards(session, viewer, [item])[0]


def item_card(session: Session, viewer: Viewer, item_id: int) -> PostCard | CommentCard:
    """A post, or else a comment.

    Raises:
        NotFound: neither is there for this viewer.
    """
    item = find_item(session, item_id)
    if isinstance(item, Comment):
        return comment_cards(session, viewer, [item])[0]
    return post_card(session, viewer, item.id)


def comment_cards(session: Session, viewer: Viewer, rows: Sequence[Comment]) -> list[CommentCard]:
    """Cards of comments, in their order, those that are deleted without words; replies stand beside each other."""
    posts = {row.post_id: find_post(session, row.post_id) for row in rows}
    ids = [row.id for row in rows if row.deleted_at is None]
    judges = [row.accepted_by_id for row in rows if row.accepted_by_id is not None]
    people = [*(row.author_id for row in rows), *judges]
    around = hanging_on_comments(session, viewer.id or 0, ids, people)
    return [
        CommentCard(
            id=row.id,
            post_id=row.post_id,
            author=around.people[row.author_id],
            text=row.text if row.deleted_at is None else "",
            html=row.html if row.deleted_at is None else "",
            created_at=row.created_at,
            edited_at=row.edited_at,
            reactions=around.reactions.get(row.id, ()),
            files=around.files.get(row.id, ()),
            can_edit=allows(PostPermission.EDIT, viewer, row),
            can_delete=allows(PostPermission.DELETE, viewer, row),
            parent_id=row.parent_id,
            is_deleted=row.deleted_at is not None,
            is_muted=row.author_id in around.unheard,
            is_answer=row.parent_id is None and posts[row.post_id].kind is PostKind.QUESTION,
            accepted_at=row.accepted_at if posts[row.post_id].accepted_id == row.id else None,
            accepted_by=around.people.get(row.accepted_by_id or 0),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Version:
    """What an item said at one time, and what of it was changed; the first version changed nothing."""

    html: str
    written_at: datetime
    is_current: bool
    title: str = ""
    changed: Sequence[Piece] = ()


def pinned(session: Session, viewer: Viewer, audience_id: int) -> list[PostCard]:
    """What is kept in sight in a group, the newest pin first."""
    found = select(Post.id).where(
        Post.audience_id == audience_id, Post.pinned_at.is_not(None), Post.deleted_at.is_(None)
    )
    return post_cards(session, viewer, list(session.scalars(found.order_by(Post.pinned_at.desc()).limit(MOST_PINNED))))


def versions(session: Session, item_id: int) -> list[Version]:
    """Everything an item has said, newest first; the last hundred versions, the newest with what changed.

    Raises:
        NotFound: there is no such item for this viewer.
    """
    item: Item = find_item(session, item_id)
    past = select(Revision).where(Revision.item_id == item_id).order_by(Revision.id.desc()).limit(100)
    earlier = list(session.scalars(past))
    texts = [item.text, *(row.text for row in earlier)]
    marked = [changes(texts[at + 1], texts[at]) for at in range(min(len(earlier), _COMPARED))]
    marked += [[] for _ in range(len(texts) - len(marked))]
    current = Version(
        item.html, item.edited_at or item.created_at, is_current=True, title=title_of(item), changed=marked[0]
    )
    return [
        current,
        *(
            Version(row.html, row.written_at, is_current=False, title=row.title, changed=pieces)
            for row, pieces in zip(earlier, marked[1:], strict=True)
        ),
    ]


_DRAFT = (
    select(SavedDraft)
    .where(SavedDraft.person_id == bindparam("person", type_=BigId), SavedDraft.place == bindparam("place"))
    .execution_options(**{KEPT: True})
)


def draft_at(session: Session, viewer: Viewer, place: str) -> SavedDraft | None:
    """What the viewer began to write at a place."""
    return session.scalar(_DRAFT, {"person": viewer.member_id, "place": place})


def audience_size(session: Session, audience_id: int) -> int:
    """How many people can read what is posted to an audience."""
    if audience_id == audience.EVERYONE:
        return _WORKING_HERE.scalar(session) or 0
    inside = select(audience.Membership.person_id).where(audience.Membership.audience_id == audience_id)
    return session.scalar(_working_here().where(Person.id.in_(inside))) or 0


def _working_here() -> Select[int]:
    return select(func.count()).select_from(Person).where(Person.deactivated_at.is_(None))


_WORKING_HERE = Prepared(_working_here())


def said_below(session: Session, post_id: int) -> Said:
    """How much stands below a post."""
    row = session.execute(replies_select([post_id])).one_or_none()
    return Said(row.number, row.answers) if row else NOTHING_SAID


def reaction_counts(session: Session, item_id: int) -> dict[str, int]:
    """How many reacted in each way."""
    counted = select(Reaction.kind, func.count()).where(Reaction.item_id == item_id).group_by(Reaction.kind)
    return {row[0].value: row[1] for row in session.execute(counted)}
