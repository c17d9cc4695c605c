"""The company's topics with all their names, as the engine wants them: read once, and again when they changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel import outbox
from intranet.kernel.outbox import OutboxEvent
from intranet.kernel.runtime import runtime
from intranet.topics.events import TopicChanged
from intranet.topics.models import Synonym, Topic
from search_index.relations import Vocabulary

_PART = "expertise.vocabulary"


@dataclass(frozen=True, slots=True)
class Topics:
    """The vocabulary, and the topic behind each of its labels."""

    vocabulary: Vocabulary
    ids: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Held:
    """``stamp`` changes with every new, merged or forgotten name; a name that was written anew shows in the outbox."""

    topics: Topics
    stamp: tuple[int, ...]
    seen: int


def company_topics(session: Session) -> Topics:
    """All topics by label, which is the name in lower case. Four statements where nothing changed."""
    held: _Held | None = runtime().parts.get(_PART)
    newest = outbox.newest_id(session)
    stamp = (
        *session.execute(select(func.count(Topic.id), func.max(Topic.id))).one(),
        session.scalar(select(func.count(Synonym.slug))) or 0,
    )
    if held is None or held.stamp != stamp or newest < held.seen or _was_renamed(session, held.seen):
        held = _Held(_read(session), stamp, newest)
    elif newest > held.seen:
        held = _Held(held.topics, stamp, newest)
    runtime().parts[_PART] = held
    return held.topics


def _was_renamed(session: Session, since: int) -> bool:
    name = TopicChanged.event_name  # type: ignore[attr-defined]  # set by @event
    changed = select(OutboxEvent.id).where(OutboxEvent.id > since, OutboxEvent.type == name).limit(1)
    return session.scalar(changed) is not None


def _read(session: Session) -> Topics:
    ids: dict[str, int] = {}
    names: dict[str, list[str]] = {}
    labels: dict[int, str] = {}
    for topic_id, name in session.execute(select(Topic.id, Topic.name).order_by(Topic.id)):
        label = labels[topic_id] = name.strip().lower()
        ids.setdefault(label, topic_id)
        names.setdefault(label, []).append(name)
    for topic_id, name in session.execute(select(Synonym.topic_id, Synonym.name).order_by(Synonym.slug)):
        names[labels[topic_id]].append(name)
    return Topics(Vocabulary(names), ids)
