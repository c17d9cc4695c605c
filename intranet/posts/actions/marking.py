"""Reactions, bookmarks and pins. Each says what shall be, so that a repeated request changes nothing."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from intranet.groups.models import GroupRole
from intranet.groups.queries import roles_in
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.viewer import Viewer
from intranet.posts.events import PostEdited, PostFrozen, PostPinned, PostThawed, ReactionChanged
from intranet.posts.finding import find_item, find_post, post_id_of
from intranet.posts.models import Bookmark, MutedThread, Post, Reaction
from intranet.posts.policy import PostPermission
from intranet.posts.queries import MOST_PINNED


def react(session: Session, viewer: Viewer, item_id: int, kind: ReactionKind, *, is_on: bool) -> None:
    """React to a post or comment, or take the reaction back.

    Raises:
        NotFound: it is not there for this viewer.
    """
    require(PostPermission.REACT, viewer)
    item = find_item(session, item_id)
    mine = session.get(Reaction, (item.id, viewer.member_id, kind))
    if (mine is not None) == is_on:
        return
    if mine is not None:
        session.delete(mine)
    else:
        session.add(
            Reaction(
                item_id=item.id,
                person_id=viewer.member_id,
                kind=kind,
                post_id=post_id_of(item),
                audience_id=item.audience_id,
            )
        )
    record(session, ReactionChanged(item.id, post_id_of(item), item.audience_id, viewer.member_id))


def pin(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> None:
    """Keep a post in sight in its group, or let it go with the others.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer does not own its group.
        Invalid: the group has three pinned posts already.
    """
    post = find_post(session, post_id)
    keeps = roles_in(session, viewer, [post.audience_id]).get(post.audience_id) is GroupRole.OWNER
    require(PostPermission.PIN, viewer, post, keeps)
    if (post.pinned_at is not None) == is_on:
        return
    shown = (Post.audience_id == post.audience_id, Post.pinned_at.is_not(None), Post.deleted_at.is_(None))
    pinned = select(func.count()).where(*shown)
    if is_on and (session.scalar(pinned) or 0) >= MOST_PINNED:
        raise Invalid({"pin": str(_("At most %(count)s. Unpin one first.", count=MOST_PINNED))})
    post.pinned_at = clock.now() if is_on else None
    record(session, PostPinned(post.id, post.audience_id, viewer.member_id))


def freeze_post(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> None:
    """Close a post to replies, or open it again.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: the viewer is no moderator.
    """
    post = find_post(session, post_id)
    require(PostPermission.FREEZE, viewer, post)
    post.frozen_at = clock.now() if is_on else None
    if viewer.id is not None:
        record(session, (PostFrozen if is_on else PostThawed)(post.id, post.author_id, viewer.id))
    record(session, PostEdited(post.id, post.audience_id, post.author_id))


def mute_thread(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> None:
    """Hear no more of a post and its replies, or hear of them again; its author is not told.

    Raises:
        NotFound: it is not there for this viewer.
    """
    post = find_post(session, post_id)
    mine = session.get(MutedThread, (viewer.member_id, post.id))
    if is_on and mine is None:
        session.add(MutedThread(person_id=viewer.member_id, post_id=post.id))
    elif not is_on and mine is not None:
        session.delete(mine)


def bookmark(session: Session, viewer: Viewer, post_id: int, *, is_on: bool) -> None:
    """Keep a post to find again, or let it go.

    Raises:
        NotFound: it is not there for this viewer.
    """
    post = find_post(session, post_id)
    mine = (Bookmark.person_id == viewer.member_id, Bookmark.post_id == post.id)
    if not is_on:
        session.execute(delete(Bookmark).where(*mine))
    elif session.scalar(select(Bookmark.id).where(*mine)) is None:
        session.add(Bookmark(person_id=viewer.member_id, post_id=post.id))
