"""Who knows, and does not want to be asked about it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.expertise.wishes import names_in, said_of_named
from intranet.kernel.together import listing
from intranet.topics.models import UnaskedTopic


def not_to_be_asked(session: Session, question: str, people: Collection[int]) -> frozenset[int]:
    """Those of ``people`` who do not want to be asked about a topic that the question names."""
    named = names_in(question)
    if not named or not people:
        return frozenset()
    return frozenset(row.person_id for row in _UNASKED(session, named=named, people=people))


_UNASKED = listing(lambda among: said_of_named(UnaskedTopic, among).where(UnaskedTopic.person_id.in_(among("people"))))


def unasked_topic_ids(session: Session, person_id: int) -> frozenset[int]:
    """What somebody does not want to be asked about."""
    return frozenset(session.scalars(select(UnaskedTopic.topic_id).where(UnaskedTopic.person_id == person_id)))
