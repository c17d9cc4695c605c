"""One post or comment by its id, for those who go on to change it. Deleted, hidden and missing are the same."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.errors import NotFound
from intranet.posts.models import Attachment, Comment, Post

Item = Post | Comment


def find_post(session: Session, post_id: int) -> Post:
    """The post.

    Raises:
        NotFound: there is none that this session's viewer may read.
    """
    post = session.get(Post, post_id)
    if post is None or post.deleted_at is not None:
        raise NotFound
    return post


def find_comment(session: Session, comment_id: int, *, for_update: bool = False) -> Comment:
    """The comment, if its post is still there. ``for_update`` as for ``find_item``.

    Raises:
        NotFound: there is none that this session's viewer may read.
    """
    comment = session.get(Comment, comment_id, with_for_update=for_update or None)
    if comment is None or comment.deleted_at is not None:
        raise NotFound
    find_post(session, comment.post_id)
    return comment


def find_item(session: Session, item_id: int, *, for_update: bool = False) -> Item:
    """A post, or else a comment. ``for_update`` waits for whoever else changes it, and reads what they left.

    Raises:
        NotFound: neither is there for this session's viewer.
    """
    post = session.get(Post, item_id, with_for_update=for_update or None)
    if post is not None and post.deleted_at is None:
        return post
    return find_comment(session, item_id, for_update=for_update)


def find_deleted(session: Session, item_id: int) -> Item:
    """What was deleted and can still be brought back.

    Raises:
        NotFound: it is not there, its post is gone too, or its words are erased already.
    """
    item: Item | None = session.get(Post, item_id) or session.get(Comment, item_id)
    if item is None or item.deleted_at is None or not (item.text or title_of(item) or has_files(session, item_id)):
        raise NotFound
    if isinstance(item, Comment):
        find_post(session, item.post_id)
    return item


def has_files(session: Session, item_id: int) -> bool:
    """Whether something hangs on a post or comment, which then needs no words."""
    return session.scalar(select(Attachment.file_id).where(Attachment.item_id == item_id).limit(1)) is not None


def title_of(item: Item) -> str:
    """What a question asks in one line; nothing else has a title."""
    return "" if isinstance(item, Comment) else item.title


def post_id_of(item: Item) -> int:
    """The post that an item is, or hangs on."""
    return item.post_id if isinstance(item, Comment) else item.id
