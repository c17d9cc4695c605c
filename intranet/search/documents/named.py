"""People, topics, and who is said to know what, as documents."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups.models import Group
from intranet.kernel.audience import EVERYONE
from intranet.people.models import Profile
from intranet.search.documents.ranges import numbers
from intranet.search.showing import key_pairs, pair_key
from intranet.search.sources import document_id
from intranet.topics.models import Endorsement, Skill, Synonym, Topic
from search_index.documents import Document, Kind

GROUP = "group"


def load_skills(session: Session, keys: Sequence[str]) -> list[Document]:
    """Claims, each as a document of its person."""
    claimed = (
        select(Skill.person_id, Skill.topic_id, Skill.created_at, Topic.name)
        .join(Topic, Topic.id == Skill.topic_id)
        .where(tuple_(Skill.person_id, Skill.topic_id).in_(key_pairs(keys)))
    )
    return [
        Document(
            id=document_id(Kind.SKILL, pair_key(row.person_id, row.topic_id)),
            kind=Kind.SKILL,
            text=row.name,
            audience_id=EVERYONE,
            created_at=row.created_at,
            author_id=row.person_id,
            topics=(row.name,),
        )
        for row in session.execute(claimed)
    ]


def next_skills(session: Session, after: str, limit: int) -> list[str]:
    """The keys of claims, by person and topic."""
    pair = tuple_(Skill.person_id, Skill.topic_id)
    start = key_pairs([after])[0] if after else (0, 0)
    found = (
        select(Skill.person_id, Skill.topic_id)
        .where(pair > start)
        .order_by(Skill.person_id, Skill.topic_id)
        .limit(limit)
    )
    return [pair_key(person_id, topic_id) for person_id, topic_id in session.execute(found)]


def load_endorsements(session: Session, keys: Sequence[str]) -> list[Document]:
    """Endorsements, each as a document of the person who is vouched for."""
    given = (
        select(Endorsement.id, Endorsement.person_id, Endorsement.reason, Endorsement.created_at, Topic.name)
        .join(Topic, Topic.id == Endorsement.topic_id)
        .where(Endorsement.id.in_(numbers(keys)))
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


def load_people(session: Session, keys: Sequence[str]) -> list[Document]:
    """People who are here, by name and by what their profile says."""
    said = (Profile.title, Profile.department, Profile.location, Profile.about, Profile.ask_me_about)
    rows = session.execute(
        select(Person.id, Person.name, Person.username, Person.created_at, *said)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(Person.id.in_(numbers(keys)), Person.deactivated_at.is_(None))
    )
    return [
        Document(
            id=document_id(Kind.PERSON, person_id),
            kind=Kind.PERSON,
            text="\n".join(words for words in (*about, *(asked or ())) if words),
            audience_id=EVERYONE,
            created_at=created_at,
            author_id=person_id,
            title=f"{name} {username}",
        )
        for person_id, name, username, created_at, *about, asked in rows
    ]


def load_topics(session: Session, keys: Sequence[str]) -> list[Document]:
    """Topics by all their names: the engine reads the vocabulary and its synonyms from here."""
    ids = numbers(keys)
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
            topics=(topic.name, *others.get(topic.id, ())),
        )
        for topic in session.scalars(select(Topic).where(Topic.id.in_(ids)))
    ]


def load_groups(session: Session, keys: Sequence[str]) -> list[Document]:
    """Groups by name, for those who may know of them: everyone, or the members alone of a hidden one."""
    found = session.scalars(select(Group).where(Group.id.in_(numbers(keys))))
    return [
        Document(
            id=document_id(GROUP, group.id),
            kind=GROUP,
            text=group.about,
            audience_id=group.audience_id,
            created_at=group.created_at,
            title=group.name,
        )
        for group in found
    ]
