"""Reactions and bookmarks. Each says what shall be, so that a repeated request changes nothing."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.posts.events import ReactionChanged
from intranet.posts.finding import find_item, find_post, post_id_of
from intranet.posts.models import Bookmark, Reaction, ReactionKind
from intranet.posts.policy import PostPermission


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
