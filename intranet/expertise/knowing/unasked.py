"""Who knows, and does not want to be asked about it."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.expertise.wishes import names_in
from intranet.topics.models import Synonym, Topic, UnaskedTopic


def not_to_be_asked(session: Session, question: str, people: Collection[int]) -> frozenset[int]:
    """Those of ``people`` who do not want to be asked about a topic that the question names."""
    named = names_in(question)
    if not named or not people:
        return frozenset()
    wished = (
        select(UnaskedTopic.person_id)
        .join(Topic, Topic.id == UnaskedTopic.topic_id)
        .outerjoin(Synonym, Synonym.topic_id == Topic.id)
        .where(or_(Topic.slug.in_(named), Synonym.slug.in_(named)), UnaskedTopic.person_id.in_(people))
    )
    return frozenset(session.scalars(wished))


def unasked_topic_ids(session: Session, person_id: int) -> frozenset[int]:
    """What somebody does not want to be asked about."""
    return frozenset(session.scalars(select(UnaskedTopic.topic_id).where(UnaskedTopic.person_id == person_id)))
