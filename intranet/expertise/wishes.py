"""Who must not be named in the answer to a question."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Text, or_, select
from sqlalchemy.orm import Session

from intranet.kernel.prepared import Prepared
from intranet.kernel.text import fold, slugify
from intranet.kernel.together import Rows, listing
from intranet.topics.models import HiddenTopic, NotMyField, OptOut, Synonym, Topic, UnaskedTopic

_WORD = re.compile(r"[\w.+#-]*\w[+#]*")
_LONGEST_NAME = 4  # words of a topic's name that are looked for
_MOST_WORDS = 64


@lru_cache(maxsize=256)
def names_in(question: str) -> frozenset[str]:
    """Every topic slug that could stand in a question: each run of up to four of its words."""
    words = _WORD.findall(question)[:_MOST_WORDS]
    runs = (words[start : start + length] for length in range(1, _LONGEST_NAME + 1) for start in range(len(words)))
    slugs = {slugify(form) for run in runs for form in (" ".join(run), fold(" ".join(run)))}
    return frozenset(slug for slug in slugs if slug)


def not_to_be_named(session: Session, question: str) -> frozenset[int]:
    """Those who opted out, and who hid a topic that the question names. Leavers are left out elsewhere: there are too
    many of them to be named with each question."""
    return frozenset(_OPTED_OUT.scalars(session)) | _who_said(session, HiddenTopic, question)


def not_their_field(session: Session, question: str) -> frozenset[int]:
    """Those who said of a topic that the question names that it is not their field."""
    return _who_said(session, NotMyField, question)


def _who_said(session: Session, table: type[HiddenTopic | NotMyField], question: str) -> frozenset[int]:
    named = names_in(question)
    return frozenset(row.person_id for row in _SAID[table](session, named=named)) if named else frozenset()


Among = Callable[..., Any]


def said_of_named(table: type[HiddenTopic | NotMyField | UnaskedTopic], among: Among) -> Rows:
    """Who said so of a topic that has one of the slugs in ``named``, under one of its names."""
    said = select(table.person_id).join(Topic, Topic.id == table.topic_id)
    known_as = (Topic.slug, Synonym.slug)
    said = said.outerjoin(Synonym, Synonym.topic_id == Topic.id)
    return said.where(or_(*(slug.in_(among("named", of=Text)) for slug in known_as)))


_OPTED_OUT = Prepared(select(OptOut.person_id))
_SAID = {table: listing(partial(said_of_named, table)) for table in (HiddenTopic, NotMyField)}


def not_my_field_ids(session: Session, person_id: int) -> frozenset[int]:
    """The topics of which somebody said so."""
    return frozenset(session.scalars(select(NotMyField.topic_id).where(NotMyField.person_id == person_id)))


def hidden_topic_ids(session: Session, person_id: int) -> frozenset[int]:
    """What somebody hid."""
    return frozenset(session.scalars(select(HiddenTopic.topic_id).where(HiddenTopic.person_id == person_id)))


def has_opted_out(session: Session, person_id: int) -> bool:
    """Whether the finder leaves somebody out."""
    return session.get(OptOut, person_id) is not None
