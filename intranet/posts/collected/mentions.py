"""What ``topics`` borrows: how often posts and replies name a topic."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.audience import Audience
from intranet.kernel.ids import first_id_of
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.posts.models import PostTopic

_WEEK = timedelta(weeks=1)


class LentMentions:
    """See ``topics.pulse``."""

    def by_week(self, weeks: int) -> Mapping[int, tuple[int, ...]]:
        """One short reading for each week: between them sockets have their turn."""
        found: dict[int, list[int]] = {}
        start = clock.now() - weeks * _WEEK
        open_to_all = select(Audience.id).where(Audience.readable_by_all)
        for week in range(weeks):
            counted = select(PostTopic.topic_id, func.count()).where(
                PostTopic.item_id >= first_id_of(start + week * _WEEK), PostTopic.audience_id.in_(open_to_all)
            )
            if week < weeks - 1:  # the last one ends with now
                counted = counted.where(PostTopic.item_id < first_id_of(start + (week + 1) * _WEEK))
            with runtime().database.reading(system(reason="topics: how often each is named, for everybody")) as session:
                for topic_id, number in session.execute(counted.group_by(PostTopic.topic_id)):
                    found.setdefault(topic_id, [0] * weeks)[week] = number
        return {topic_id: tuple(numbers) for topic_id, numbers in found.items()}

    def count(self, session: Session, topic_ids: Collection[int]) -> dict[int, int]:
        counted = select(PostTopic.topic_id, func.count()).where(PostTopic.topic_id.in_(list(topic_ids)))
        return {row[0]: row[1] for row in session.execute(counted.group_by(PostTopic.topic_id))}
