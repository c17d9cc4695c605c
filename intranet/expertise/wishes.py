"""Who must not be named in the answer to a question."""

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.kernel.text import fold, slugify
from intranet.topics.models import HiddenTopic, NotMyField, OptOut, Synonym, Topic

_WORD = re.compile(r"[\w.+#-]*\w[+#]*")
_LONGEST_NAME = 4  # words of a topic's name that are looked for
_MOST_WORDS = 64


def names_in(question: str) -> frozenset[str]:
    """Every topic slug that could stand in a question: each run of up to four of its words."""
    words = _WORD.findall(question)[:_MOST_WORDS]
    runs = (words[start : start + length] for length in range(1, _LONGEST_NAME + 1) for start in range(len(words)))
    slugs = {slugify(form) for run in runs for form in (" ".join(run), fold(" ".join(run)))}
    return frozenset(slug for slug in slugs if slug)


def not_to_be_named(session: Session, question: str) -> frozenset[int]:
    """Those who opted out, and who hid a topic that the question names. Leavers are left out elsewhere: there are too
    many of them to be named with each question."""
    return frozenset(session.scalars(select(OptOut.person_id))) | _who_said(session, HiddenTopic, question)


def not_their_field(session: Session, question: str) -> frozenset[int]:
    """Those who said of a topic that the question names that it is not their field."""
    return _who_said(session, NotMyField, question)


def _who_said(session: Session, table: type[HiddenTopic | NotMyField], question: str) -> frozenset[int]:
    named = names_in(question)
    said = (
        select(table.person_id)
        .join(Topic, Topic.id == table.topic_id)
        .outerjoin(Synonym, Synonym.topic_id == Topic.id)
        .where(or_(Topic.slug.in_(named), Synonym.slug.in_(named)))
    )
    return frozenset(session.scalars(said)) if named else frozenset()


def not_my_field_ids(session: Session, person_id: int) -> frozenset[int]:
    """The topics of which somebody said so."""
    return frozenset(session.scalars(select(NotMyField.topic_id).where(NotMyField.person_id == person_id)))


def hidden_topic_ids(session: Session, person_id: int) -> frozenset[int]:
    """What somebody hid."""
    return frozenset(session.scalars(select(HiddenTopic.topic_id).where(HiddenTopic.person_id == person_id)))


def has_opted_out(session: Session, person_id: int) -> bool:
    """Whether the finder leaves somebody out."""
    return session.get(OptOut, person_id) is not None
