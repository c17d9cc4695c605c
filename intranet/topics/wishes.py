"""What people do not want to be named for, or asked about."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.kernel.text import slugify
from intranet.kernel.together import Rows, listing
from intranet.topics.models import HiddenTopic, Topic, UnaskedTopic


def hidden_slugs(session: Session, people: Collection[int]) -> frozenset[tuple[int, str]]:
    """Person and slug of everything that these people hid; a renamed topic under both its slugs."""
    return _slugs(_HIDDEN(session, people=people))


def unasked_slugs(session: Session, people: Collection[int]) -> frozenset[tuple[int, str]]:
    """The same for what they do not want to be asked about."""
    return _slugs(_UNASKED(session, people=people))


def _slugs(rows: Iterable[Any]) -> frozenset[tuple[int, str]]:
    return frozenset((row.person_id, slug) for row in rows for slug in (row.slug, slugify(row.name)))


def _named_by(wish: type[HiddenTopic] | type[UnaskedTopic], among: Callable[[str], Any]) -> Rows:
    named = select(wish.person_id, Topic.slug, Topic.name).join(Topic, Topic.id == wish.topic_id)
    return named.where(wish.person_id.in_(among("people")))


_HIDDEN, _UNASKED = (listing(partial(_named_by, wish)) for wish in (HiddenTopic, UnaskedTopic))
