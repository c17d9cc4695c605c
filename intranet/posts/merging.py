"""The posts of a topic that gives way to another, a few hundred at a time."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.kernel import jobs
from intranet.posts.models import PostTopic
from intranet.posts.praise.actions import move_praise
from intranet.topics.merging import MERGE_JOB, absorb
from intranet.topics.models import Topic

STEP = 300


@jobs.job(MERGE_JOB)
def merge_on(session: Session, payload: dict[str, Any]) -> None:
    """Move the next posts and comments, with a job for those after them; with the last the old topic goes."""
    source, target = session.get(Topic, payload["source_id"]), session.get(Topic, payload["target_id"])
    if source is None or target is None:
        return  # another merge was faster
    links = list(session.scalars(select(PostTopic).where(PostTopic.topic_id == source.id).limit(STEP)))
    _move(session, links, target.id)
    if len(links) == STEP:
        jobs.later(session, MERGE_JOB, payload)
    else:
        move_praise(session, source.id, target.id)
        absorb(session, source, target)


def _move(session: Session, links: list[PostTopic], target_id: int) -> None:
    items = [link.item_id for link in links]
    both = set(
        session.scalars(select(PostTopic.item_id).where(PostTopic.topic_id == target_id, PostTopic.item_id.in_(items)))
    )
    moved = [
        PostTopic(item_id=link.item_id, topic_id=target_id, post_id=link.post_id, audience_id=link.audience_id)
        for link in links
        if link.item_id not in both
    ]
    source = {link.topic_id for link in links}
    session.execute(delete(PostTopic).where(PostTopic.topic_id.in_(source), PostTopic.item_id.in_(items)))
    session.add_all(moved)
    for source_id in source:
        move_praise(session, source_id, target_id, items)
    session.flush()
