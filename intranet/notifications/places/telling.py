"""A new post is told to those who chose its group, topic or author, some of them in each transaction."""

from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel import jobs
from intranet.kernel.outbox import Delivery, delivery_of
from intranet.notifications.models import Level, Source
from intranet.notifications.places.queries import who_waits
from intranet.notifications.telling import Matter, tell
from intranet.posts.models import Post, PostKind

_NEWS = "notifications.new-post"
_PART = 50


def tell_of_new(session: Session, post: Post) -> None:
    """Tell the first of them. Call it once those are told whom it names or answers; an announcement waits until those
    are told whom it is for."""
    if post.kind is PostKind.ANNOUNCEMENT:
        jobs.later(session, _NEWS, {"post_id": str(post.id), "event_id": delivery_of(session).event_id})
    else:
        _tell_some(session, post, delivery_of(session), after=0)


@jobs.job(_NEWS)
def tell_next(session: Session, payload: dict[str, Any]) -> None:
    """The next few of them; a repetition tells nobody twice."""
    post = session.get(Post, int(payload["post_id"]))
    if post is not None and post.deleted_at is None:
        delivery = Delivery(int(payload["event_id"]), post.created_at)
        _tell_some(session, post, delivery, after=int(payload.get("after", 0)))


def _tell_some(session: Session, post: Post, delivery: Delivery, *, after: int) -> None:
    waiting = who_waits(session, post, after=after, limit=_PART)
    matter = Matter(
        source=Source.NEW_POST,
        about=f"item:{post.id}",
        thread=f"new:{post.id}",
        actor_id=post.author_id,
        audience_id=post.audience_id,
        post_id=post.id,
        item_id=post.id,
    )
    wanted = {person_id: level for person_id, level in waiting.items() if level is not Level.NEVER}
    tell(session, matter, wanted, delivery=delivery, levels=wanted)
    if len(waiting) == _PART:
        left = {"post_id": str(post.id), "event_id": delivery.event_id, "after": str(max(waiting))}
        jobs.later(session, _NEWS, left)
