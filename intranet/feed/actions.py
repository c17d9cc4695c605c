"""Remembering what somebody has read: how far, and which posts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.feed.models import ReadMark, SeenPost
from intranet.feed.queries import View
from intranet.kernel import clock, jobs
from intranet.kernel.ids import first_id_of
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


KEPT = timedelta(days=30)
MOST_SEEN = 100


def note_seen(session: Session, viewer: Viewer, ids: Sequence[int]) -> None:
    """These posts were before the viewer's eyes; what they may not read is passed over, like what is noted already."""
    ids = list(ids)[:MOST_SEEN]
    readable = set(session.scalars(select(Post.id).where(Post.id.in_(ids), Post.deleted_at.is_(None))))
    known = select(SeenPost.post_id).where(SeenPost.person_id == viewer.member_id, SeenPost.post_id.in_(ids))
    fresh = readable - set(session.scalars(known))
    session.add_all(SeenPost(person_id=viewer.member_id, post_id=post_id) for post_id in sorted(fresh))


@jobs.job("feed.forget-seen", every=timedelta(days=1))
def forget_seen(session: Session, _payload: dict[str, Any]) -> None:
    """Drop the marks of posts that no ranked feed reaches any more."""
    session.execute(delete(SeenPost).where(SeenPost.post_id < first_id_of(clock.now() - KEPT)))
