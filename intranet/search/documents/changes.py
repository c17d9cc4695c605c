"""Which events change which documents.

A renamed topic may stand on a hundred thousand posts. They are read again in steps, each a job of the worker that
records one event with a few hundred ids, so that no process that follows the outbox ever has them all before it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts import events as account_events
from intranet.chat import events as chat_events
from intranet.groups import events as group_events
from intranet.kernel import jobs, outbox
from intranet.people import events as people_events
from intranet.posts import events as post_events
from intranet.posts.models import Comment, PostTopic
from intranet.search.documents.events import ItemsTouched
from intranet.search.documents.named import GROUP
from intranet.search.documents.praised import praise_of
from intranet.search.documents.said import MESSAGE
from intranet.search.showing import pair_key
from intranet.search.sources import Touched, add_change, document_id
from intranet.topics import events as topic_events
from intranet.topics.models import Endorsement, Skill
from search_index.documents import Kind

RENAME_JOB = "search.rename-topic"
STEP = 200


def _thread(session: Session, happened: Any) -> Iterable[str]:
    """A post with its comments and what it says of others, which come and go with it."""
    yield from _post(session, happened)
    for number in session.scalars(select(Comment.id).where(Comment.post_id == happened.post_id)):
        yield document_id(Kind.COMMENT, number)


def _post(session: Session, happened: Any) -> Iterable[str]:
    yield document_id(Kind.POST, happened.post_id)
    yield from praise_of(session, [happened.post_id])


def _declined(_session: Session, happened: post_events.PraiseDeclined) -> Iterable[str]:
    yield document_id(Kind.PRAISE, pair_key(happened.post_id, happened.person_id))


def _imported(session: Session, happened: post_events.PostsImported) -> Iterable[str]:
    yield from (document_id(Kind.POST, number) for number in happened.post_ids)
    yield from praise_of(session, happened.post_ids)
    yield from (document_id(Kind.COMMENT, number) for number in happened.comment_ids)


def _topic(session: Session, happened: topic_events.TopicChanged) -> Iterable[str]:
    """A topic's own document, and the claims and endorsements that carry its name; posts follow in steps."""
    topic_id = happened.topic_id
    yield document_id(Kind.TOPIC, topic_id)
    for person_id in session.scalars(select(Skill.person_id).where(Skill.topic_id == topic_id)):
        yield document_id(Kind.SKILL, pair_key(person_id, topic_id))
    for number in session.scalars(select(Endorsement.id).where(Endorsement.topic_id == topic_id)):
        yield document_id(Kind.ENDORSEMENT, number)


def _touched(session: Session, happened: ItemsTouched) -> Iterable[str]:
    """Posts and comments take their ids from one sequence: which of them are comments is asked."""
    comments = set(session.scalars(select(Comment.id).where(Comment.id.in_(happened.item_ids))))
    for number in happened.item_ids:
        yield document_id(Kind.COMMENT if number in comments else Kind.POST, number)
    yield from praise_of(session, happened.item_ids)


@cache  # one function per kind and field, so that registering twice changes nothing
def _one(kind: str, field: str) -> Callable[[Session, Any], list[str]]:
    def touched(_session: Session, happened: Any) -> list[str]:
        return [document_id(kind, getattr(happened, field))]

    return touched


comment_touched = _one(Kind.COMMENT, "comment_id")
"""For events of higher features that name a comment whose document they change."""


def _claim(_session: Session, happened: topic_events.SkillClaimed | topic_events.SkillDropped) -> list[str]:
    return [document_id(Kind.SKILL, pair_key(happened.person_id, happened.topic_id))]


def _begin_rename(session: Session, happened: topic_events.TopicChanged) -> None:
    if happened.was_renamed:
        jobs.later(session, RENAME_JOB, {"topic_id": happened.topic_id, "after": 0})


@jobs.job(RENAME_JOB)
def rename_on(session: Session, payload: dict[str, Any]) -> None:
    """The next posts and comments of a renamed topic, and a job for those after them."""
    carrying = select(PostTopic.item_id).where(
        PostTopic.topic_id == payload["topic_id"], PostTopic.item_id > payload["after"]
    )
    found = list(session.scalars(carrying.order_by(PostTopic.item_id).limit(STEP)))
    if found:
        outbox.record(session, ItemsTouched(found))
    if len(found) == STEP:
        jobs.later(session, RENAME_JOB, {**payload, "after": found[-1]})


def register() -> None:
    """Have the index follow what happens in the features beneath."""
    changes: list[tuple[type, Touched]] = [
        (post_events.PostsImported, _imported),
        (topic_events.TopicChanged, _topic),
        (ItemsTouched, _touched),
        (post_events.PostPublished, _post),
        (post_events.PraiseDeclined, _declined),
        (post_events.PostEdited, _thread),
        (post_events.PostDeleted, _thread),
        *((event, _one(Kind.COMMENT, "comment_id")) for event in _COMMENT_EVENTS),
        *((event, _one(Kind.ENDORSEMENT, "endorsement_id")) for event in _ENDORSEMENT_EVENTS),
        *((event, _claim) for event in (topic_events.SkillClaimed, topic_events.SkillDropped)),
        (people_events.ProfileChanged, _one(Kind.PERSON, "person_id")),
        *((event, _one(Kind.PERSON, "person_id")) for event in _ACCOUNT_EVENTS),
        (topic_events.TopicAdded, _one(Kind.TOPIC, "topic_id")),
        *((event, _one(MESSAGE, "message_id")) for event in _MESSAGE_EVENTS),
        *((event, _one(GROUP, "group_id")) for event in (group_events.GroupFounded, group_events.GroupChanged)),
    ]
    for event, touched in changes:
        add_change(event, touched)
    outbox.subscribe("search", topic_events.TopicChanged, _begin_rename)


_ACCOUNT_EVENTS = (
    account_events.PersonJoined,
    account_events.PersonRenamed,
    account_events.PersonDeactivated,
    account_events.PersonReactivated,
)
_COMMENT_EVENTS = (post_events.CommentAdded, post_events.CommentEdited, post_events.CommentDeleted)
_MESSAGE_EVENTS = (chat_events.MessageSent, chat_events.MessageEdited, chat_events.MessageDeleted)
_ENDORSEMENT_EVENTS = (topic_events.Endorsed, topic_events.EndorsementWithdrawn)
