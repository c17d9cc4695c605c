"""A new post is told to those who chose its group, topic or author, some of them in each transaction."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel import jobs
from intranet.kernel.outbox import Delivery, delivery_of
from intranet.notifications.models import Level, Source
from intranet.notifications.places.queries import who_waits
from intranet.notifications.telling import Matter, tell
from intranet.posts.models import Post, PostTopic

_NEWS = "notifications.new-post"
_PART = 50


def tell_of_new(session: Session, post: Post) -> None:
    """Have it told once those are told whom it names or answers."""
    payload = {"post_id": str(post.id), "event_id": delivery_of(session).event_id}
    jobs.later(session, _NEWS, payload)


@jobs.job(_NEWS)
def tell_next(session: Session, payload: dict[str, Any]) -> None:
    """The next few of them; a repetition tells nobody twice."""
    post, after = session.get(Post, int(payload["post_id"])), int(payload.get("after", 0))
    if post is None or post.deleted_at is not None:
        return
    topics = session.scalars(select(PostTopic.topic_id).where(PostTopic.item_id == post.id)).all()
    waiting = who_waits(
        session, group_id=post.audience_id, author_id=post.author_id, topics=topics, after=after, limit=_PART
    )
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
    tell(session, matter, wanted, delivery=Delivery(int(payload["event_id"]), post.created_at), levels=wanted)
    if len(waiting) == _PART:
        jobs.later(session, _NEWS, {**payload, "after": str(max(waiting))})
