"""What people do not want to be named for."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.text import slugify
from intranet.kernel.together import listing
from intranet.topics.models import HiddenTopic, Topic


def hidden_slugs(session: Session, people: Collection[int]) -> frozenset[tuple[int, str]]:
    """Person and slug of everything that these people hid; a renamed topic under both its slugs."""
    rows = _HIDDEN(session, people=people)
    return frozenset((row.person_id, slug) for row in rows for slug in (row.slug, slugify(row.name)))


_HIDDEN = listing(
    lambda among: (
        select(HiddenTopic.person_id, Topic.slug, Topic.name)
        .join(Topic, Topic.id == HiddenTopic.topic_id)
        .where(HiddenTopic.person_id.in_(among("people")))
    )
)
