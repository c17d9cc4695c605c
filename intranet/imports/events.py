"""What an import did to people. Posts have an event of their own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.outbox import event
from intranet.search.showing import pair_key
from intranet.search.sources import document_id
from intranet.topics.models import Skill
from search_index.documents import Kind


@event("people.imported")
@dataclass(frozen=True, slots=True)
class PeopleImported:
    """A batch of people came in from elsewhere. Nobody is told."""

    person_ids: list[int] = field(default_factory=list)


def documents_of(session: Session, happened: PeopleImported) -> Iterable[str]:
    """What the search index reads again: the people, and what they claim to know."""
    yield from (document_id(Kind.PERSON, number) for number in happened.person_ids)
    claimed = select(Skill.person_id, Skill.topic_id).where(Skill.person_id.in_(happened.person_ids))
    for person_id, topic_id in session.execute(claimed):
        yield document_id(Kind.SKILL, pair_key(person_id, topic_id))
