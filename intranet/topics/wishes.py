"""What people do not want to be named for, or asked about."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.text import slugify
from intranet.topics.models import HiddenTopic, Topic, UnaskedTopic


def hidden_slugs(session: Session, people: Collection[int]) -> frozenset[tuple[int, str]]:
    """Person and slug of everything that these people hid; a renamed topic under both its slugs."""
    return _slugs(session, HiddenTopic, people)


def unasked_slugs(session: Session, people: Collection[int]) -> frozenset[tuple[int, str]]:
    """The same for what they do not want to be asked about."""
    return _slugs(session, UnaskedTopic, people)


def _slugs(
    session: Session, wish: type[HiddenTopic] | type[UnaskedTopic], people: Collection[int]
) -> frozenset[tuple[int, str]]:
    named = select(wish.person_id, Topic.slug, Topic.name).join(Topic, Topic.id == wish.topic_id)
    rows = session.execute(named.where(wish.person_id.in_(people))).all()
    return frozenset((row.person_id, slug) for row in rows for slug in (row.slug, slugify(row.name)))
