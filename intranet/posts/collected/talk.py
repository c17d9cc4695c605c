"""What ``groups`` borrows: which groups something is posted in, and about what."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from intranet.groups.models import Group
from intranet.kernel.ids import first_id_of
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Post, PostTopic
from intranet.topics.models import Synonym, Topic

_OFFERED = 8


class LentTalk:
    """See ``groups.talk``."""

    def posted_since(self, moment: datetime) -> "ColumnElement[bool]":
        # Ids sort by time, and with the audience they are an index.
        since = (Post.audience_id == Group.id, Post.id >= first_id_of(moment), Post.deleted_at.is_(None))
        return exists().where(*since)

    def is_about(self, topic: str) -> "ColumnElement[bool]":
        named = select(Topic.id).where(Topic.slug == topic)
        also = select(Synonym.topic_id).where(Synonym.slug == topic)
        return Group.id.in_(select(PostTopic.audience_id).where(PostTopic.topic_id.in_(named.union_all(also))))

    def likely_topics(self, session: Session, person_id: int) -> list[tuple[str, str]]:
        """What they follow, then what most people follow."""
        mine = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == FollowKind.TOPIC)
        ranked = select(Topic.slug, Topic.name).order_by(
            Topic.id.in_(mine).desc(), Topic.follower_count.desc(), Topic.id
        )
        return [(row.slug, row.name) for row in session.execute(ranked.limit(_OFFERED))]
