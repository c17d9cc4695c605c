"""The demo company becomes rows of an empty database, in batches that each are one unit of work."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.demo.company import Colleague, Company, Follow, Group, Post, Sign
from intranet.demo.generate import DAYS
from intranet.demo.kinds import is_praise, store_kinds
from intranet.demo.lists import keep_lists
from intranet.demo.signing_in import hash_passwords, open_doors
from intranet.demo.talking import talk
from intranet.groups import actions as groups
from intranet.groups.models import GroupKind, GroupRole
from intranet.kernel import audience
from intranet.kernel.batches import in_batches
from intranet.kernel.db import Base, Database
from intranet.kernel.ids import new_id
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.text import fold
from intranet.kernel.viewer import Role, system
from intranet.people import models as people_models
from intranet.posts import models as post_models
from intranet.posts.actions.importing import ImportedPost, prepare_posts, store_prepared
from intranet.topics import models as topic_models
from intranet.topics.vocabulary import ensure_topics

SOURCE = "demo"
ROLES: Mapping[str, tuple[Role, ...]] = {
    "ingrid": (Role.ADMIN,),
    "aoife": (Role.STEWARD,),
    "hannah": (Role.MODERATOR, Role.COMMUNICATOR),
}
_VIEWER = system(reason="demo: fill an empty database with a made-up company")
_BATCH = 250
_ROWS = 2000
_KEEPERS = 2  # the first members of a group, who own it


@dataclass(frozen=True, slots=True)
class Ids:
    """Database ids by username and by topic slug."""

    people: dict[str, int]
    topics: dict[str, int]
    groups: dict[str, int]


class Tenant(StrEnum):
    """Who lives in a database: nobody, the demo company (all or half of it), or real people."""

    NOBODY = "nobody"
    DEMO = "demo"
    HALF_OF_DEMO = "half of demo"
    REAL_PEOPLE = "real people"


def tenant(database: Database) -> Tenant:
    """Bookmarks are the last thing stored, so they tell whether the demo company is complete."""
    with database.reading(_VIEWER) as session:
        if session.scalar(select(Person.id).where(Person.source == SOURCE).limit(1)) is None:
            anybody = session.scalar(select(Person.id).limit(1))
            return Tenant.NOBODY if anybody is None else Tenant.REAL_PEOPLE
        bookmark = post_models.Bookmark
        kept = select(bookmark.id).join(Person, Person.id == bookmark.person_id).where(Person.source == SOURCE)
        return Tenant.HALF_OF_DEMO if session.scalar(kept.limit(1)) is None else Tenant.DEMO


def load(database: Database, company: Company, now: datetime, progress: Callable[[int], None]) -> Ids:
    """Store everything; ``progress`` is told how many posts are in after each batch."""
    hashes = hash_passwords()
    ids = database.transact(_VIEWER, lambda session: _store_people(session, company, now))
    database.transact(_VIEWER, lambda session: open_doors(session, ids.people, hashes))
    database.transact(_VIEWER, lambda session: _store_links(session, company, ids, now))
    database.transact(_VIEWER, lambda session: keep_lists(session, ids.people))
    done = 0
    for batch in in_batches(list(enumerate(company.posts)), _BATCH):
        rows = [row for number, post in batch for row in _imported(number, post, ids)]
        with database.reading(_VIEWER) as session:
            prepared = prepare_posts(session, rows)
        database.transact(_VIEWER, partial(store_prepared, batch=prepared))
        done += len(batch)
        progress(done)
    fill_in = partial(store_kinds, company=company, source=SOURCE, people=ids.people, topics=ids.topics, now=now)
    database.transact(_VIEWER, fill_in)
    talk(database, ids.people, now)
    database.transact(_VIEWER, lambda session: _store_bookmarks(session, company, ids))
    return ids


def _fill(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    for batch in in_batches(rows, _ROWS):
        session.execute(insert(table), batch)


def _store_people(session: Session, company: Company, now: datetime) -> Ids:
    audience.ensure_everyone(session)
    people = {person.username: new_id() for person in company.people}
    _fill(session, Person, [_person(person, people, now) for person in company.people])
    signs = {sign.person: sign for sign in company.signs}
    focusing = {one.person: one.until for one in company.present if one.is_focusing}
    _fill(session, people_models.Profile, [
        {**_profile(person, people), "focusing_until": focusing.get(person.username)} for person in company.people
    ])  # fmt: skip
    for username, sign in signs.items():
        profile = people_models.Profile
        session.execute(update(profile).where(profile.person_id == people[username]).values(_shown(sign)))
    marks = [{"person_id": people[one.person], "seen_at": one.until} for one in company.present]
    _fill(session, people_models.PresenceMark, marks)
    _fill(session, people_models.SpokenLanguage, [
        {"person_id": people[person.username], "language": language, "position": position}
        for person in company.people
        for position, language in enumerate(person.languages)
    ])  # fmt: skip
    topics = ensure_topics(session, [topic.slug for topic in company.topics])
    return Ids(people, topics, {group.name: _store_group(session, group, people) for group in company.groups})


def _store_group(session: Session, group: Group, people: dict[str, int]) -> int:
    draft = groups.GroupDraft(name=group.name, kind=GroupKind(group.kind), about=group.about)
    stored = groups.found_group(session, _VIEWER, draft)
    for place, username in enumerate(group.members):
        role = GroupRole.OWNER if place < _KEEPERS else GroupRole.MEMBER
        groups.take_in(session, stored, people[username], role=role, actor_id=None)
    return stored.id


def _person(person: Colleague, ids: dict[str, int], now: datetime) -> dict[str, Any]:
    return {
        "id": ids[person.username],
        "username": person.username,
        "name": person.name,
        "folded_name": fold(person.name),
        "email": person.email,
        "roles": list(ROLES.get(person.username, ())),
        "source": SOURCE,
        "external_id": person.username,
        "created_at": min(datetime.combine(person.joined, time(8), UTC), now),
    }


def _profile(person: Colleague, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "person_id": ids[person.username],
        "title": person.title,
        "folded_title": fold(person.title),
        "department": person.department,
        "location": person.location,
        "timezone": person.timezone,
        "manager_id": ids[person.manager] if person.manager else None,
        "about": person.about,
        "ask_me_about": list(person.skills[:3]),
    }


def _shown(sign: Sign) -> dict[str, Any]:
    return {
        "status_emoji": sign.emoji,
        "status_text": sign.text,
        "status_ends_at": sign.ends_at if sign.text else None,
        "working_place": sign.working_place,
        "working_place_ends_at": sign.ends_at if sign.working_place else None,
    }


def _store_links(session: Session, company: Company, ids: Ids, now: datetime) -> None:
    """What joins people and topics: descriptions, skills, endorsements, follows; none of it began today."""
    people, topics = ids.people, ids.topics
    followers: dict[str, int] = {}
    for link in company.follows:
        if link.topic:
            followers[link.topic] = followers.get(link.topic, 0) + 1
    for topic in company.topics:
        values = {
            "description": topic.about,
            "follower_count": followers.get(topic.slug, 0),
            "created_at": _earlier(now, 0),
        }
        session.execute(update(topic_models.Topic).where(topic_models.Topic.id == topics[topic.slug]).values(**values))
    _fill(session, topic_models.Skill, [
        {"person_id": people[person.username], "topic_id": topics[slug], "created_at": _earlier(now, number)}
        for number, person in enumerate(company.people)
        for slug in person.skills
    ])  # fmt: skip
    _fill(session, topic_models.Endorsement, [
        {"id": new_id(given.given_at), "endorser_id": people[given.by], "person_id": people[given.person],
         "topic_id": topics[given.topic], "reason": given.reason, "created_at": given.given_at}
        for given in company.endorsements
    ])  # fmt: skip
    _fill(session, people_models.Follow, [
        {"follower_id": people[link.follower], "created_at": _earlier(now, number), **_target(link, ids)}
        for number, link in enumerate(company.follows)
    ])  # fmt: skip


def _earlier(now: datetime, number: int) -> datetime:
    """Spread over the two years; 389 leaps over them so that neighbours in the list are far apart in time."""
    return now - timedelta(days=DAYS - number * 389 % (DAYS - 3))


def _target(link: Follow, ids: Ids) -> dict[str, Any]:
    if link.topic:
        return {"kind": people_models.FollowKind.TOPIC, "target_id": ids.topics[link.topic]}
    return {"kind": people_models.FollowKind.PERSON, "target_id": ids.people[link.person or ""]}


def _imported(number: int, post: Post, ids: Ids) -> Iterator[ImportedPost]:
    """A post and its comments as the posts feature takes them in."""
    kinds = post_models.PostKind
    kind = kinds.ANNOUNCEMENT if post.is_announcement else kinds.QUESTION if post.title else kinds.UPDATE
    kind = kinds.PRAISE if is_praise(post) else kinds.POLL if post.poll else kind
    marks = tuple((ids.people[mark.person], ReactionKind(mark.kind)) for mark in post.reactions)
    name = f"{number}"
    place = ids.groups[post.group] if post.group else audience.EVERYONE
    yield ImportedPost(source=SOURCE, external_id=name, author_id=ids.people[post.author], text=post.text, kind=kind,
                       title=post.title, audience_id=place, created_at=post.written_at, reactions=marks)  # fmt: skip
    thanking = ReactionKind.AGREE if post.title else ReactionKind.THANKS
    for place, comment in enumerate(post.comments):
        thanks = tuple((ids.people[who], thanking) for who in comment.thanked_by)
        yield ImportedPost(
            source=SOURCE,
            external_id=f"{number}.{place}",
            author_id=ids.people[comment.author],
            text=comment.text,
            created_at=comment.written_at,
            reply_to=name if comment.on is None else f"{number}.{comment.on}",
            accepted_by=ids.people[post.author] if comment.solves else None,
            reactions=thanks,
        )


def _store_bookmarks(session: Session, company: Company, ids: Ids) -> None:
    stored = select(post_models.Post.external_id, post_models.Post.id).where(post_models.Post.source == SOURCE)
    post_ids = {name: post_id for name, post_id in session.execute(stored)}  # noqa: C416 (a Row is no pair to dict)
    _fill(session, post_models.Bookmark, [
        {"id": new_id(), "person_id": ids.people[who], "post_id": post_ids[f"{number}"]}
        for number, post in enumerate(company.posts)
        for who in post.bookmarked_by
        if f"{number}" in post_ids
    ])  # fmt: skip
