"""Makes the company, in bulk and always the same, and keeps it in a folder for the next run.

Posts come every minute of two years; who posts and about what is as uneven as anywhere. Everybody is in
the group of all and in about twenty more.
"""

import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count, islice
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, insert

from intranet import create_app
from intranet.accounts.models import ApiToken, Person
from intranet.config import ROOT, Settings
from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole
from intranet.kernel.audience import EVERYONE, Audience, AudienceKind, Membership, ensure_everyone
from intranet.kernel.ids import first_id_of
from intranet.kernel.reactions import ReactionKind
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.kernel.viewer import system
from intranet.people.models import Follow, FollowKind, Profile
from intranet.posts.models import Comment, Post, PostKind, PostMention, PostTopic, Reaction
from intranet.posts.polls.models import Poll, PollOption
from intranet.topics.models import Topic

_SPAN = timedelta(days=730)
_MAKER = system(reason="benchmarks: makes a company")
_CHUNK = 20_000
_WORDS = (
    *("pump", "valve", "lag", "gateway", "meter", "torque", "seal", "firmware", "replay", "tenant", "alert", "line"),
    *("shift", "audit", "fixture", "drift", "sensor", "batch", "queue", "broker", "index", "cache", "export", "budget"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How large; ``groups`` and ``follows`` are those of the readers who are measured."""

    people: int = 10_000
    posts: int = 1_000_000
    groups: int = 1_000
    topics: int = 2_000
    readers: int = 5


READERS = tuple((groups, follows) for groups in (20, 500) for follows in (50, 1_000))


def token_of(number: int) -> str:
    """The API token of the person with a number."""
    return f"bench-{number}"


def person_id(number: int) -> int:
    return number + 100


def group_id(number: int) -> int:
    """The group of number 0 holds everybody."""
    return number + 1_000_000


def topic_id(number: int) -> int:
    return number + 2_000_000


def reader_numbers(place: int, size: Size) -> range:
    """The people who read as the combination at ``place`` of ``READERS`` says."""
    return range(place * size.readers, (place + 1) * size.readers)


def company(folder: Path, size: Size) -> Flask:
    """The application over the company, which is made unless the folder holds it."""
    mark = folder / "made"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "COUTH_DATA": str(folder)}
    alembic = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(alembic, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603 (our own)
    if not mark.exists():
        began = time.monotonic()
        _Maker(_app(folder), size).make()
        mark.write_text(f"{size}\n", encoding="utf-8")
        print(f"made {size.people:,} people and {size.posts:,} posts in {time.monotonic() - began:.0f} s: {folder}")
    return _app(folder)


def _app(folder: Path) -> Flask:
    return create_app(Settings(data=folder, async_mode="threading"))


def _drawn(chance: random.Random, number: int, times: int) -> list[int]:
    """Numbers below ``number``, the first far more often than the last."""
    weights = list(accumulate(1 / (place + 1) ** 0.7 for place in range(number)))
    return chance.choices(range(number), cum_weights=weights, k=times)


class _Maker:
    def __init__(self, app: Flask, size: Size) -> None:
        self.size = size
        self.database = runtime(app).database
        self.chance = random.Random(20261122)
        self.ids = count(3_000_000)
        event.listen(self.database.engine, "connect", _hurry)
        self.database.engine.dispose()
        self.groups_of: list[set[int]] = [self._groups_of(number) for number in range(size.people)]

    def _groups_of(self, number: int) -> set[int]:
        place = number // self.size.readers
        wanted = READERS[place][0] if place < len(READERS) else self.chance.randrange(5, 36)
        found = {0}
        while len(found) < min(wanted, self.size.groups):
            found.add(self.chance.randrange(self.size.groups))
        return found

    def make(self) -> None:
        with self.database.unit_of_work(_MAKER) as session:
            ensure_everyone(session)
        for model, rows in (
            (Person, self._people()),
            (Profile, self._profiles()),
            (ApiToken, self._tokens()),
            (Topic, self._topics()),
            (Audience, self._audiences()),
            (Group, self._groups()),
            (GroupMember, self._members()),
            (Membership, self._memberships()),
            (Follow, self._follows()),
        ):
            self._store(model, rows)
        self._write_posts()
        with self.database.unit_of_work(_MAKER) as session:
            session.connection().exec_driver_sql("PRAGMA optimize=0x10002")

    def _store(self, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
        left = iter(rows)
        while chunk := list(islice(left, _CHUNK)):
            with self.database.unit_of_work(_MAKER) as session:
                session.execute(insert(model), chunk)

    def _people(self) -> Iterator[dict[str, Any]]:
        for number in range(self.size.people):
            name = f"Person {number:05} Example"
            yield {
                "id": person_id(number),
                "username": f"person{number}",
                "name": name,
                "folded_name": name.lower(),
                "email": f"person{number}@example.org",
                "roles": [],
            }

    def _profiles(self) -> Iterator[dict[str, Any]]:
        for number in range(self.size.people):
            yield {"person_id": person_id(number), "title": "Engineer", "department": f"Department {number % 60}"}

    def _tokens(self) -> Iterator[dict[str, Any]]:
        for number in range(min(3_000, self.size.people)):
            hashed = hashlib.sha256(token_of(number).encode()).hexdigest()
            yield {"id": next(self.ids), "person_id": person_id(number), "token_hash": hashed, "name": "bench"}

    def _topics(self) -> Iterator[dict[str, Any]]:
        for number in range(self.size.topics):
            yield {"id": topic_id(number), "slug": f"topic-{number}", "name": f"topic-{number}", "folded_name": "t"}

    def _audiences(self) -> Iterator[dict[str, Any]]:
        for number in range(self.size.groups):
            yield {"id": group_id(number), "kind": AudienceKind.GROUP, "readable_by_all": number % 2 == 0}

    def _groups(self) -> Iterator[dict[str, Any]]:
        for number in range(self.size.groups):
            yield {
                "id": group_id(number),
                "audience_id": EVERYONE,
                "kind": GroupKind.OPEN if number % 2 == 0 else GroupKind.CLOSED,
                "slug": f"group-{number}",
                "name": f"Group {number}",
                "folded_name": f"group {number}",
                "member_count": self.size.people if number == 0 else 20,
            }

    def _members(self) -> Iterator[dict[str, Any]]:
        for number, groups in enumerate(self.groups_of):
            for group in groups:
                known = EVERYONE if group % 2 == 0 else group_id(group)
                member = {"group_id": group_id(group), "person_id": person_id(number), "audience_id": known}
                yield {**member, "role": GroupRole.MEMBER}

    def _memberships(self) -> Iterator[dict[str, Any]]:
        for number, groups in enumerate(self.groups_of):
            for group in groups:
                yield {"audience_id": group_id(group), "person_id": person_id(number)}

    def _follows(self) -> Iterator[dict[str, Any]]:
        for place, (_groups, follows) in enumerate(READERS):
            for number in reader_numbers(place, self.size):
                mine = {"follower_id": person_id(number)}
                others = range(len(READERS) * self.size.readers, self.size.people)
                for other in self.chance.sample(others, min(follows, len(others))):
                    yield {**mine, "kind": FollowKind.PERSON, "target_id": person_id(other)}
                for topic in self.chance.sample(range(self.size.topics), 20):
                    yield {**mine, "kind": FollowKind.TOPIC, "target_id": topic_id(topic)}

    def _write_posts(self) -> None:
        size, chance = self.size, self.chance
        begin = datetime.now(UTC) - _SPAN
        step = _SPAN / size.posts
        authors, topics = _drawn(chance, size.people, size.posts), _drawn(chance, size.topics, size.posts)
        for start in range(0, size.posts, _CHUNK):
            batch = _Batch()
            for number in range(start, min(start + _CHUNK, size.posts)):
                moment = begin + step * number
                place = {"id": first_id_of(moment), "created_at": moment, "author": authors[number]}
                self._write_post(batch, number, place, topics[number])
            with self.database.unit_of_work(_MAKER) as session:
                for model, rows in batch.tables():
                    if rows:
                        session.execute(insert(model), rows)

    def _write_post(self, batch: "_Batch", number: int, place: dict[str, Any], topic: int) -> None:
        chance = self.chance
        author, post_id, moment = place["author"], place["id"], place["created_at"]
        group = chance.choice(tuple(self.groups_of[author])) if chance.random() < 0.6 else None
        audience = EVERYONE if group is None else group_id(group)
        kind = PostKind.POLL if number % 50 == 7 else PostKind.ANNOUNCEMENT if number % 5_000 == 11 else PostKind.UPDATE
        words = " ".join(chance.choices(_WORDS, k=40))
        guarded = {"post_id": post_id, "audience_id": audience}
        batch.posts.append(
            {
                "id": post_id,
                "audience_id": audience if kind is not PostKind.ANNOUNCEMENT else EVERYONE,
                "author_id": person_id(author),
                "kind": kind,
                "text": words,
                "html": f"<p>{words}</p>",
                "created_at": moment,
            }
        )
        if chance.random() < 0.5:
            batch.topics.append({**guarded, "item_id": post_id, "topic_id": topic_id(topic)})
        if number % 40 == 3:
            someone = person_id(chance.randrange(self.size.people))
            batch.mentions.append({**guarded, "item_id": post_id, "person_id": someone})
        if kind is PostKind.POLL:
            batch.polls.append({**guarded, "is_multiple": False, "is_secret": False, "closes_at": None})
            for option in range(3):
                answer = {"id": next(self.ids), "position": option, "text": f"Answer {option}", "votes": option}
                batch.options.append({**guarded, **answer})
        for reply in range(number % 2):
            said = {"id": post_id + 1 + reply, "author_id": person_id(chance.randrange(self.size.people))}
            batch.comments.append({**guarded, **said, "text": words[:80], "html": words[:80], "created_at": moment})
        if number % 2:
            liked = {"item_id": post_id, "person_id": person_id(chance.randrange(self.size.people))}
            batch.reactions.append({**guarded, **liked, "kind": ReactionKind.AGREE, "created_at": moment})


class _Batch:
    """Rows that are stored together."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.topics: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.reactions: list[dict[str, Any]] = []
        self.polls: list[dict[str, Any]] = []
        self.options: list[dict[str, Any]] = []

    def tables(self) -> tuple[tuple[type[Base], list[dict[str, Any]]], ...]:
        return (
            (Post, self.posts),
            (PostTopic, self.topics),
            (PostMention, self.mentions),
            (Comment, self.comments),
            (Reaction, self.reactions),
            (Poll, self.polls),
            (PollOption, self.options),
        )


def _hurry(connection: Any, _record: object) -> None:
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")
