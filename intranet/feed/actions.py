"""Moving the mark that says how far somebody has read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.feed.models import ReadMark
from intranet.feed.queries import View
from intranet.kernel.viewer import Viewer
from intranet.posts.models import Post


def mark_seen(session: Session, viewer: Viewer, view: View, post_id: int) -> None:
    """Everything up to ``post_id`` was before the viewer's eyes; the mark never goes back, nor beyond what there is."""
    newest = session.scalar(select(Post.id).where(Post.deleted_at.is_(None)).order_by(Post.id.desc()).limit(1))
    if newest is None:
        return
    post_id = min(post_id, newest)
    mark = session.get(ReadMark, (viewer.member_id, view.value))
    if mark is None:
        session.add(ReadMark(person_id=viewer.member_id, view=view.value, post_id=post_id))
    elif post_id > mark.post_id:
        mark.post_id = post_id
