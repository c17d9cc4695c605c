"""The documents of the features beneath: posts, comments, skills, endorsements, people and topics."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from intranet.accounts import events as account_events
from intranet.accounts.models import Person
from intranet.kernel.audience import EVERYONE
from intranet.people import events as people_events
from intranet.people.models import Profile
from intranet.posts import events as post_events
from intranet.posts.models import Comment, Post, PostMention, PostTopic
from intranet.search import showing
from intranet.search.showing import skill_key, skill_pairs
from intranet.search.sources import NextKeys, Source, Touched, add_change, add_source, document_id
from intranet.topics import events as topic_events
from intranet.topics.models import Endorsement, Skill, Synonym, Topic
from search_index.engine import Document, Kind


def _numbers(keys: Sequence[str]) -> list[int]:
    return [int(key) for key in keys]


def _by_id(column: "InstrumentedAttribute[int]", *conditions: "ColumnElement[bool]") -> NextKeys:
    def next_keys(session: Session, after: str, limit: int) -> list[str]:
        found = select(column).where(column > int(after or 0), *conditions).order_by(column).limit(limit)
        return [str(number) for number in session.scalars(found)]

    return next_keys


def _written(kind: Kind, model: type[Post] | type[Comment]) -> Callable[[Session, Sequence[str]], list[Document]]:
    def load(session: Session, keys: Sequence[str]) -> list[Document]:
        present = select(model.id, model.author_id, model.audience_id, model.text, model.created_at).where(
            model.id.in_(_numbers(keys)), model.deleted_at.is_(None)
        )
        if model is Comment:
            present = present.join(Post, Post.id == Comment.post_id).where(Post.deleted_at.is_(None))
        rows = session.execute(present).all()
        ids = [row.id for row in rows]
        mentions = _grouped(session, PostMention.item_id, PostMention.person_id, ids)
        topics = _topic_names(session, ids)
        return [
            Document(
                id=document_id(kind, row.id),
                kind=kind,
                text=row.text,
                audience_id=row.audience_id,
                created_at=row.created_at,
                author_id=row.author_id,
                mentions=tuple(mentions.get(row.id, ())),
                topics=tuple(topics.get(row.id, ())),
            )
            for row in rows
        ]

    return load


def _grouped(
    session: Session, key: "InstrumentedAttribute[int]", value: "InstrumentedAttribute[int]", ids: Iterable[int]
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for owner, held in session.execute(select(key, value).where(key.in_(ids)).order_by(key, value)):
        found.setdefault(owner, []).append(held)
    return found


def _topic_names(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    named = (
        select(PostTopic.item_id, Topic.name)
        .join(Topic, Topic.id == PostTopic.topic_id)
        .where(PostTopic.item_id.in_(ids))
        .order_by(PostTopic.item_id, Topic.id)
    )
    found: dict[int, list[str]] = {}
    for item_id, name in session.execute(named):
        found.setdefault(item_id, []).append(name)
    return found


def _load_skills(session: Session, keys: Sequence[str]) -> list[Document]:
    claimed = (
        select(Skill.person_id, Skill.topic_id, Skill.created_at, Topic.name)
        .join(Topic, Topic.id == Skill.topic_id)
        .where(tuple_(Skill.person_id, Skill.topic_id).in_(skill_pairs(keys)))
    )
    return [
        Document(
            id=document_id(Kind.SKILL, skill_key(row.person_id, row.topic_id)),
            kind=Kind.SKILL,
            text=row.name,
            audience_id=EVERYONE,
            created_at=row.created_at,
            author_id=row.person_id,
            topics=(row.name,),
        )
        for row in session.execute(claimed)
    ]


def _next_skills(session: Session, after: str, limit: int) -> list[str]:
    pair = tuple_(Skill.person_id, Skill.topic_id)
    start = skill_pairs([after])[0] if after else (0, 0)
    found = (
        select(Skill.person_id, Skill.topic_id)
        .where(pair > start)
        .order_by(Skill.person_id, Skill.topic_id)
        .limit(limit)
    )
    return [skill_key(person_id, topic_id) for person_id, topic_id in session.execute(found)]


def _load_endorsements(session: Session, keys: Sequence[str]) -> list[Document]:
    given = (
        select(Endorsement.id, Endorsement.person_id, Endorsement.reason, Endorsement.created_at, Topic.name)
        .join(Topic, Topic.id == Endorsement.topic_id)
        .where(Endorsement.id.in_(_numbers(keys)))
    )
    return [
        Document(
            id=document_id(Kind.ENDORSEMENT, row.id),
            kind=Kind.ENDORSEMENT,
            text=row.reason,
            audience_id=EVERYONE,
            created_at=row.created_at,
            author_id=row.person_id,
            title=row.name,
            topics=(row.name,),
        )
        for row in session.execute(given)
    ]


def _load_people(session: Session, keys: Sequence[str]) -> list[Document]:
    rows = session.execute(
        select(Person.id, Person.name, Person.username, Person.created_at, Profile)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(Person.id.in_(_numbers(keys)), Person.deactivated_at.is_(None))
    )
    return [
        Document(
            id=document_id(Kind.PERSON, person_id),
            kind=Kind.PERSON,
            text="\n".join(_about(profile)),
            audience_id=EVERYONE,
            created_at=created_at,
            author_id=person_id,
            title=f"{name} {username}",
        )
        for person_id, name, username, created_at, profile in rows
    ]


def _about(profile: Profile | None) -> list[str]:
    if profile is None:
        return []
    said = (profile.title, profile.department, profile.location, profile.about, *(profile.ask_me_about or ()))
    return [words for words in said if words]


def _load_topics(session: Session, keys: Sequence[str]) -> list[Document]:
    ids = _numbers(keys)
    others: dict[int, list[str]] = {}
    for topic_id, name in session.execute(select(Synonym.topic_id, Synonym.name).where(Synonym.topic_id.in_(ids))):
        others.setdefault(topic_id, []).append(name)
    return [
        Document(
            id=document_id(Kind.TOPIC, topic.id),
            kind=Kind.TOPIC,
            text="\n".join((topic.description, *others.get(topic.id, ()))),
            audience_id=EVERYONE,
            created_at=topic.created_at,
            title=topic.name,
            topics=(topic.name,),
        )
        for topic in session.scalars(select(Topic).where(Topic.id.in_(ids)))
    ]


def _thread(session: Session, happened: Any) -> Iterable[str]:
    """A post with its comments, which come and go with it."""
    yield document_id(Kind.POST, happened.post_id)
    for number in session.scalars(select(Comment.id).where(Comment.post_id == happened.post_id)):
        yield document_id(Kind.COMMENT, number)


def _imported(_session: Session, happened: post_events.PostsImported) -> Iterable[str]:
    yield from (document_id(Kind.POST, number) for number in happened.post_ids)
    yield from (document_id(Kind.COMMENT, number) for number in happened.comment_ids)


def _renamed(session: Session, happened: topic_events.TopicChanged) -> Iterable[str]:
    """A topic's own document, and the claims and endorsements that carry its name.

    Posts keep the hashtag that stands in their text; their topic names are refreshed when they are edited.
    """
    topic_id = happened.topic_id
    yield document_id(Kind.TOPIC, topic_id)
    for person_id in session.scalars(select(Skill.person_id).where(Skill.topic_id == topic_id)):
        yield document_id(Kind.SKILL, skill_key(person_id, topic_id))
    for number in session.scalars(select(Endorsement.id).where(Endorsement.topic_id == topic_id)):
        yield document_id(Kind.ENDORSEMENT, number)


@cache  # one function per kind and field, so that registering twice changes nothing
def _one(kind: Kind, field: str) -> Callable[[Session, Any], list[str]]:
    def touched(_session: Session, happened: Any) -> list[str]:
        return [document_id(kind, getattr(happened, field))]

    return touched


def _claim(_session: Session, happened: topic_events.SkillClaimed | topic_events.SkillDropped) -> list[str]:
    return [document_id(Kind.SKILL, skill_key(happened.person_id, happened.topic_id))]


def register() -> None:
    """Fill the registry for the features beneath."""
    people, topics, endorsements = (
        _by_id(Person.id, Person.deactivated_at.is_(None)),
        _by_id(Topic.id),
        _by_id(Endorsement.id),
    )
    posts, comments = _by_id(Post.id, Post.deleted_at.is_(None)), _by_id(Comment.id, Comment.deleted_at.is_(None))
    add_source(Source(Kind.PERSON, _load_people, people, showing.people))
    add_source(Source(Kind.TOPIC, _load_topics, topics, showing.topics))
    add_source(Source(Kind.POST, _written(Kind.POST, Post), posts, showing.posts))
    add_source(Source(Kind.COMMENT, _written(Kind.COMMENT, Comment), comments, showing.comments))
    add_source(Source(Kind.SKILL, _load_skills, _next_skills, showing.skills, is_listed=False))
    add_source(Source(Kind.ENDORSEMENT, _load_endorsements, endorsements, showing.endorsements, is_listed=False))
    changes: list[tuple[type, Touched]] = [
        (post_events.PostsImported, _imported),
        (topic_events.TopicChanged, _renamed),
        (post_events.PostPublished, _one(Kind.POST, "post_id")),
        (post_events.PostEdited, _thread),
        (post_events.PostDeleted, _thread),
        *((event, _one(Kind.COMMENT, "comment_id")) for event in _COMMENT_EVENTS),
        *((event, _one(Kind.ENDORSEMENT, "endorsement_id")) for event in _ENDORSEMENT_EVENTS),
        *((event, _claim) for event in (topic_events.SkillClaimed, topic_events.SkillDropped)),
        (people_events.ProfileChanged, _one(Kind.PERSON, "person_id")),
        *((event, _one(Kind.PERSON, "person_id")) for event in _ACCOUNT_EVENTS),
        (topic_events.TopicAdded, _one(Kind.TOPIC, "topic_id")),
    ]
    for event, touched in changes:
        add_change(event, touched)


_ACCOUNT_EVENTS = (
    account_events.PersonJoined,
    account_events.PersonRenamed,
    account_events.PersonDeactivated,
    account_events.PersonReactivated,
)
_COMMENT_EVENTS = (post_events.CommentAdded, post_events.CommentEdited, post_events.CommentDeleted)
_ENDORSEMENT_EVENTS = (topic_events.Endorsed, topic_events.EndorsementWithdrawn)
