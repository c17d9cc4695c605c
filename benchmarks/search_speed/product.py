"""A data folder of the product with a corpus in it: rows in bulk, as years of use would have left them.

Only what no search looks at (sign-ins, notices, past events) is missing; one event is there, so that an index can
tell whether it has seen everything.
"""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from benchmarks.search_speed.corpus import Colleague, Corpus, Written, moment
from benchmarks.search_speed.memory import Highest, Memory
from intranet.accounts.models import Person
from intranet.config import ROOT, Settings
from intranet.kernel.audience import EVERYONE, Audience, AudienceKind, Membership
from intranet.kernel.db import Database
from intranet.kernel.outbox import OutboxEvent
from intranet.kernel.tables import Base
from intranet.operations.migrating import bring_up_to_date
from intranet.people.models import Profile
from intranet.posts.models import Post, PostKind, PostMention, PostTopic
from intranet.topics.models import Endorsement, Skill, Topic

_CHUNK = 5_000
_SINCE = datetime(2022, 12, 1, tzinfo=UTC)
_FIRST_TOPIC = 1_000_000

Rows = list[dict[str, Any]]


def settings_of(folder: Path) -> Settings:
    return Settings(data=folder, async_mode="threading", secret_key="only for measuring")  # noqa: S106 (opens nothing)


def load(corpus: Corpus, folder: Path) -> None:
    """Fill a data folder's database, unless that was done before; bring it up to date in any case."""
    folder.mkdir(parents=True, exist_ok=True)
    settings, loaded = settings_of(folder), folder / "loaded"
    if not loaded.exists():
        (folder / "couth.db").unlink(missing_ok=True)
    if (copy := bring_up_to_date(settings)) is not None:
        copy.unlink()  # what was invented needs no copy
    if not loaded.exists():
        database = Database(settings.database)
        with database.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA synchronous=OFF")  # outside a transaction, as SQLite wants
        with database.engine.execution_options(couth_write=True).begin() as connection:
            _Loading(connection, corpus).run()
        database.engine.dispose()
        loaded.touch()


class Rebuilt(NamedTuple):
    """Seconds by the clock and of the processor, and the most memory, of all processes together."""

    seconds: float
    processor: float
    memory: Memory


def rebuild(folder: Path) -> Rebuilt:
    """`index rebuild` as an operator runs it, its start included."""
    command = [sys.executable, "-W", "ignore", "-m", "flask", "--app", "wsgi", "index", "rebuild"]
    surroundings = {**os.environ, "COUTH_DATA": str(folder), "COUTH_ASYNC_MODE": "threading"}
    started, before = time.perf_counter(), _processor_of_children()
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)
    with Highest(process.pid) as highest:
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, command)
    return Rebuilt(time.perf_counter() - started, _processor_of_children() - before, highest.most)


def _processor_of_children() -> float:
    """Seconds that processes took which were started here, and by those, and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Loading:
    """Everybody and everything of a corpus into the tables, parents before children."""

    def __init__(self, connection: Connection, corpus: Corpus) -> None:
        self._connection = connection
        self._corpus = corpus
        self._topics: dict[str, int] = {}

    def run(self) -> None:
        people = list(self._corpus.people())
        self._load_people(people)
        self._load_groups(people)
        self._load_topics(people)
        self._load_claims(people)
        posts = self._corpus.posts()
        while chunk := list(islice(posts, _CHUNK)):
            self._load_posts(chunk)
        self._insert(OutboxEvent, [{"type": "measuring.loaded", "payload": {}}])

    def _insert(self, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
        rest = iter(rows)
        while chunk := list(islice(rest, _CHUNK)):
            self._connection.execute(insert(table), chunk)

    def _load_people(self, people: Iterable[Colleague]) -> None:
        named = [
            {
                "id": person.id,
                "username": f"c{number}",
                "name": person.name,
                "folded_name": person.name.lower(),
                "created_at": _SINCE,
            }
            for number, person in enumerate(people)
        ]
        self._insert(Person, named)
        profiles = (
            {"person_id": person.id, "title": person.title, "department": person.department} for person in people
        )
        self._insert(Profile, profiles)

    def _load_groups(self, people: Iterable[Colleague]) -> None:
        members = [{"audience_id": group, "person_id": person.id} for person in people for group in person.audiences]
        written_to = {post.audience for post in self._corpus.posts()}
        groups = sorted({row["audience_id"] for row in members} | written_to - {EVERYONE})
        everyone = {"id": EVERYONE, "kind": AudienceKind.EVERYONE, "readable_by_all": True}
        made = ({"id": group, "kind": AudienceKind.GROUP, "readable_by_all": False} for group in groups)
        self._insert(Audience, chain([everyone], made))
        self._insert(Membership, members)

    def _load_topics(self, people: Iterable[Colleague]) -> None:
        names = dict.fromkeys(name for person in people for name in person.skills)
        names.update(dict.fromkeys(name for post in self._corpus.posts() for name in post.topics))
        self._topics = dict(zip(names, count(_FIRST_TOPIC), strict=False))
        rows = (
            {"id": number, "slug": name, "name": name, "folded_name": name, "created_at": _SINCE}
            for name, number in self._topics.items()
        )
        self._insert(Topic, rows)

    def _load_claims(self, people: list[Colleague]) -> None:
        skills = (
            {"person_id": person.id, "topic_id": self._topics[name], "created_at": _SINCE}
            for person in people
            for name in person.skills
        )
        self._insert(Skill, skills)
        self._insert(Endorsement, self._endorsements(people))

    def _endorsements(self, people: list[Colleague]) -> Iterator[dict[str, Any]]:
        chance, number = random.Random(17), count(_FIRST_TOPIC)
        for person in people:
            for topic, times in person.endorsed:
                for endorser in chance.sample(people, times):
                    if endorser is not person:
                        yield {
                            "id": next(number),
                            "endorser_id": endorser.id,
                            "person_id": person.id,
                            "topic_id": self._topics[topic],
                            "reason": f"{topic} {' '.join(chance.choice(people).skills)}",
                            "created_at": _SINCE,
                        }

    def _load_posts(self, posts: list[Written]) -> None:
        self._insert(Post, map(_post_row, posts))
        mentions: Rows = [
            {"item_id": post.id, "post_id": post.id, "person_id": person, "audience_id": post.audience}
            for post in posts
            for person in set(post.mentions)
        ]
        topics: Rows = [
            {"item_id": post.id, "post_id": post.id, "topic_id": self._topics[name], "audience_id": post.audience}
            for post in posts
            for name in set(post.topics)
        ]
        self._insert(PostMention, mentions)
        self._insert(PostTopic, topics)


def _post_row(post: Written) -> dict[str, Any]:
    return {
        "id": post.id,
        "audience_id": post.audience,
        "author_id": post.author,
        "kind": PostKind.UPDATE,
        "text": post.text,
        "html": f"<p>{post.text}</p>",
        "created_at": moment(post.created),
    }
