"""Editing, deleting and bringing back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from intranet.files.actions import discard, redescribe, reopen, withdraw
from intranet.kernel import clock, jobs
from intranet.kernel.errors import Conflict
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.posts.actions.linking import link_again, relink, write, write_title
from intranet.posts.anonymous.queries import is_by
from intranet.posts.events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    ItemGivenBack,
    ItemRemoved,
    PostDeleted,
    PostEdited,
)
from intranet.posts.finding import Item, find_deleted, find_item, find_post, has_files, post_id_of, title_of
from intranet.posts.links.actions import link_up
from intranet.posts.models import (
    Attachment,
    Bookmark,
    Comment,
    MutedThread,
    Post,
    PostMention,
    PostTopic,
    Reaction,
    Revision,
)
from intranet.posts.policy import PostPermission
from intranet.posts.praise.actions import forget_praise

UNDO = timedelta(hours=1)


def edit_item(
    session: Session,
    viewer: Viewer,
    item_id: int,
    text: str,
    *,
    title: str | None = None,
    seen: datetime | None = None,
) -> Item:
    """Say something else; what was said before stays readable in the history.

    ``seen`` is the time of the version that the editor began with. A ``title`` is a question's, None leaves it.

    Raises:
        Conflict: the item was edited after ``seen``.
        Invalid: there is nothing to say, or too much.
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's.
    """
    item = find_item(session, item_id, for_update=True)
    require(PostPermission.EDIT, viewer, item)
    old_title = title_of(item)
    new_title = write_title(title) if old_title and title is not None else old_title
    written = write(session, text, may_be_empty=bool(old_title) or has_files(session, item.id))
    if (written.text, new_title) == (item.text, old_title):
        return item
    if seen is not None and seen != (item.edited_at or item.created_at):
        raise Conflict
    _remember(session, item)
    before = item.html
    item.text, item.html, item.edited_at = written.text, written.html, clock.now()
    relink(session, item, written)
    if isinstance(item, Post):
        item.title = new_title
        link_up(session, item, before=before)
    _record_edit(session, item)
    return item


def _remember(session: Session, item: Item) -> None:
    """What an item says until now."""
    session.add(
        Revision(
            item_id=item.id,
            post_id=post_id_of(item),
            audience_id=item.audience_id,
            title=title_of(item),
            text=item.text,
            html=item.html,
            written_at=item.edited_at or item.created_at,
        )
    )


def describe_pictures(session: Session, viewer: Viewer, item_id: int, words: Mapping[int, str]) -> None:
    """Say anew what the pictures of a post or comment show; ``words`` by the id of the file.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's.
    """
    item = find_item(session, item_id)
    require(PostPermission.EDIT, viewer, item)
    hanging = set(session.scalars(select(Attachment.file_id).where(Attachment.item_id == item.id)))
    redescribe(session, viewer, {file_id: said for file_id, said in words.items() if file_id in hanging})


def delete_item(session: Session, viewer: Viewer, item_id: int, *, for_good: bool = True) -> Item:
    """Take it away for everybody; for an hour whoever did so can bring it back, then its words are erased.

    What is not taken away ``for_good`` keeps its words until it is brought back.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's.
    """
    item = find_item(session, item_id)
    is_theirs = is_by(session, item, viewer.id)
    require(PostPermission.DELETE, viewer, item, is_theirs)
    if isinstance(item, Comment):
        _unsolve(session, item)
    item.deleted_at, item.deleted_by_id = clock.now(), viewer.id
    if viewer.id is not None and not is_theirs:
        record(session, ItemRemoved(item.id, item.author_id, viewer.member_id))
    # Links go at once, those of a post's comments with it: whoever counts them need not know that their item is gone.
    _forget(session, item, PostMention, PostTopic)
    withdraw(session, viewer, _files_below(session, item))
    if for_good:
        jobs.later(session, "posts.erase", {"item_id": item.id}, at=clock.now() + UNDO)
    if isinstance(item, Comment):
        record(session, CommentDeleted(item.id, item.post_id, item.audience_id, item.author_id))
    else:
        record(session, PostDeleted(item.id, item.audience_id, item.author_id))
    return item


def restore_item(session: Session, viewer: Viewer, item_id: int) -> Item:
    """Undo a deletion.

    Raises:
        NotFound: it is not there for this viewer, or its words are erased already.
        Refused: somebody else deleted it.
    """
    item = find_deleted(session, item_id)
    require(PostPermission.RESTORE, viewer, item)
    if isinstance(item, Comment):
        _solve_again(session, item)
    item.deleted_at = item.deleted_by_id = None
    if viewer.id not in {None, item.author_id}:
        record(session, ItemGivenBack(item.id, item.author_id, viewer.member_id))
    session.flush()
    reopen(session, _files_below(session, item), audience_id=item.audience_id)
    _forget(session, item, PostMention, PostTopic)
    link_again(session, [item, *_comments_with_links(session, item)])
    if isinstance(item, Comment):
        record(session, CommentAdded(item.id, item.post_id, item.audience_id, item.author_id))
    else:
        record(session, PostEdited(item.id, item.audience_id, item.author_id))
    return item


def _unsolve(session: Session, comment: Comment) -> None:
    """A question is not solved by what is going."""
    post = _post_alone(session, comment)
    if post.accepted_id == comment.id:
        post.accepted_id = None


def _solve_again(session: Session, comment: Comment) -> None:
    """What came back solves its question again, unless something else does meanwhile."""
    post = _post_alone(session, comment)
    if comment.accepted_at is None or post.accepted_id is not None:
        comment.accepted_at = comment.accepted_by_id = None
    else:
        post.accepted_id = comment.id


def _post_alone(session: Session, comment: Comment) -> Post:
    """A comment's post, while nobody else decides what solved it; taken before the comment, as by those who do."""
    post = find_post(session, comment.post_id)
    session.refresh(post, with_for_update=True)
    return post


def _forget(session: Session, item: Item, *tables: type[PostMention | PostTopic | Revision | Reaction]) -> None:
    """Remove what hangs on an item, and below a post what hangs on its comments."""
    for table in tables:
        hanging = table.item_id == item.id if isinstance(item, Comment) else table.post_id == item.id
        session.execute(delete(table).where(hanging))


def _comments_with_links(session: Session, item: Item) -> list[Comment]:
    """Comments of a post that are still there and may name somebody or something."""
    if isinstance(item, Comment):
        return []
    names = or_(Comment.text.contains("@"), Comment.text.contains("#"))
    there = select(Comment).where(Comment.post_id == item.id, Comment.deleted_at.is_(None), names)
    return list(session.scalars(there))


def _files_below(session: Session, item: Item) -> list[int]:
    """Files of the item, and below a post those of its comments that are still there."""
    if isinstance(item, Comment):
        return list(session.scalars(select(Attachment.file_id).where(Attachment.item_id == item.id)))
    gone = select(Comment.id).where(Comment.post_id == item.id, Comment.deleted_at.is_not(None))
    below = select(Attachment.file_id).where(Attachment.post_id == item.id, Attachment.item_id.not_in(gone))
    return list(session.scalars(below))


def _record_edit(session: Session, item: Item) -> None:
    if isinstance(item, Comment):
        record(session, CommentEdited(item.id, item.post_id, item.audience_id, item.author_id))
    else:
        record(session, PostEdited(item.id, item.audience_id, item.author_id))


@jobs.job("posts.erase")
def erase(session: Session, payload: dict[str, Any]) -> None:
    """Remove the words, history, marks and files of what is still deleted, and of all comments below a post."""
    item_id = int(payload["item_id"])
    item: Item | None = session.get(Post, item_id) or session.get(Comment, item_id)
    if item is None or item.deleted_at is None or item.deleted_at > clock.now() - UNDO:
        return  # brought back; and if it was deleted once more, that deletion has a job of its own
    forget_words(session, item)


def forget_words(session: Session, item: Item) -> None:
    """Remove the words, history, marks and files of what is deleted, and below a post those of its comments."""
    item_id = item.id
    item.text = item.html = ""
    if not isinstance(item, Comment):
        item.link_card = item.link_picture = item.linked_id = None
        item.title = ""
        session.execute(update(Comment).where(Comment.post_id == item_id).values(text="", html=""))
        forget_praise(session, item_id)
    _forget(session, item, PostMention, PostTopic, Revision, Reaction)
    session.execute(delete(Bookmark).where(Bookmark.post_id == item_id))
    session.execute(delete(MutedThread).where(MutedThread.post_id == item_id))
    discard(session, _detach(session, item))


def _detach(session: Session, item: Item) -> list[int]:
    hanging = Attachment.item_id == item.id if isinstance(item, Comment) else Attachment.post_id == item.id
    attached = session.query(Attachment).where(hanging).all()
    found = [row.file_id for row in attached]
    for row in attached:
        session.delete(row)
    session.flush()
    return found
