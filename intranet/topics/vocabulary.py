"""Finding and growing the shared vocabulary."""

from collections.abc import Iterable

from sqlalchemy import Text, select
from sqlalchemy.orm import Session

from intranet.kernel.outbox import record
from intranet.kernel.text import clean_line, fold, slugify
from intranet.kernel.together import listing
from intranet.topics.events import TopicAdded
from intranet.topics.models import Synonym, Topic

_TOPICS = listing(lambda among: select(Topic.slug, Topic.id).where(Topic.slug.in_(among("slugs", of=Text))))
_SYNONYMS = listing(
    lambda among: select(Synonym.slug, Synonym.topic_id).where(Synonym.slug.in_(among("slugs", of=Text)))
)


def topic_ids(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Topic id by ``slugify(name)`` for the names that exist; a synonym leads to its topic. Two statements."""
    slugs = {slug for name in names if (slug := slugify(name))}
    if not slugs:
        return {}
    found: dict[str, int] = dict(_TOPICS(session, slugs=slugs))
    if missing := slugs - found.keys():
        found.update(_SYNONYMS(session, slugs=missing))
    return found


def ensure_topics(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Topic id by ``slugify(name)`` for all names; the missing ones join the vocabulary.

    Two writers who add the same word at once collide on the unique slug: the unit of work runs the loser again, which
    then finds the winner's row.
    """
    written: dict[str, str] = {}
    for name in names:
        if slug := slugify(name):
            written.setdefault(slug, clean_line(name).lstrip("#")[:80])
    found = topic_ids(session, written)
    added = [_new_topic(slug, name) for slug, name in written.items() if slug not in found]
    if added:
        session.add_all(added)
        session.flush()
    for topic in added:
        found[topic.slug] = topic.id
        record(session, TopicAdded(topic.id))
    return found


def _new_topic(slug: str, name: str) -> Topic:
    return Topic(slug=slug, name=name, folded_name=fold(name)[:80])
