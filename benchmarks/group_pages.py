"""How long pages of groups and topics and the palette take in a company of 5,000 open groups.

SQLite; the reader is in 500 groups and follows 100 topics. Times are those of the
processor, from the request to its answer with the page rendered, in milliseconds; statements are counted too.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from intranet import create_app
from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole
from intranet.kernel import audience, clock
from intranet.kernel.audience import Audience, AudienceKind, Membership
from intranet.kernel.ids import new_id
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.kernel.viewer import Role, Viewer, system
from intranet.people.models import Follow, FollowKind
from intranet.posts.models import Post, PostTopic
from intranet.topics.models import Skill, Topic

_PEOPLE, _GROUPS, _MINE, _TOPICS, _FOLLOWED, _POSTS = 5_000, 5_000, 500, 2_000, 100, 300_000
_TIMES, _AT_ONCE = 40, 20_000


class _Company:
    """What is in it: everything by numbers, in plain inserts."""

    def __init__(self, app: Flask, posts: int) -> None:
        self._database, self._dice = runtime(app).database, random.Random(7)
        Base.metadata.create_all(self._database.engine)
        self._database.transact(system(reason="a benchmark"), audience.ensure_everyone)
        self.people = self._ids(_PEOPLE)
        self._add(Person, [self._person(at, one) for at, one in enumerate(self.people)])
        self.groups = self._ids(_GROUPS)
        self._found()
        self.topics = self._ids(_TOPICS)
        names = [f"topic{at:04}" for at in range(_TOPICS)]
        self._add(Topic, [{"id": one, "slug": name, "name": name, "folded_name": name, "follower_count": _TOPICS - at}
                          for at, (one, name) in enumerate(zip(self.topics, names, strict=True))])  # fmt: skip
        self._follow()
        self._post(posts)

    def _ids(self, count: int) -> list[int]:
        return [new_id() for _one in range(count)]

    def _add(self, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]

            def act(session: Session, some: Sequence[dict[str, Any]] = some) -> None:
                session.execute(insert(table), some)

            self._database.transact(system(reason="a benchmark"), act)

    def _person(self, at: int, one: int) -> dict[str, Any]:
        name = f"{self._dice.choice(('Ada', 'Ben', 'Chen', 'Dana', 'Emre'))} Person{at}"
        return {"id": one, "username": f"p{at}", "name": name, "folded_name": name.lower(),
                "email": f"p{at}@example.org", "roles": []}  # fmt: skip

    def _found(self) -> None:
        """The largest has 4,000 members; the reader is the first of all people, and in the first 500."""
        self._add(Audience, [{"id": one, "kind": AudienceKind.GROUP, "readable_by_all": True} for one in self.groups])
        members = {one: self._dice.sample(self.people[1:], max(3, min(4_000, 20_000 // (at + 5))))
                   for at, one in enumerate(self.groups)}  # fmt: skip
        for one in self.groups[:_MINE]:
            members[one].append(self.people[0])
        self._add(Group, [{"id": one, "audience_id": 1, "kind": GroupKind.OPEN, "slug": f"group-{at}",
                           "name": f"Group {at}", "folded_name": f"group {at}", "about": "What we do, and for whom.",
                           "member_count": len(members[one])} for at, one in enumerate(self.groups)])  # fmt: skip
        pairs = [(one, person) for one, people in members.items() for person in people]
        self._add(Membership, [{"audience_id": one, "person_id": person} for one, person in pairs])
        self._add(GroupMember, [{"group_id": one, "person_id": person, "audience_id": 1,
                                 "role": GroupRole.OWNER if person == members[one][0] else GroupRole.MEMBER}
                                for one, person in pairs])  # fmt: skip

    def _follow(self) -> None:
        mine = [{"follower_id": self.people[0], "kind": FollowKind.TOPIC, "target_id": one}
                for one in self.topics[:_FOLLOWED]]  # fmt: skip
        self._add(Follow, mine)
        skills = {(person, self._topic()) for person in self.people for _one in range(5)}
        self._add(Skill, [{"person_id": person, "topic_id": topic} for person, topic in skills])

    def _topic(self) -> int:
        return self.topics[min(int(self._dice.paretovariate(0.6)) - 1, _TOPICS - 1)]

    def _post(self, count: int) -> None:
        start, step = clock.now() - timedelta(days=730), timedelta(days=730) / count
        rows, links = [], []
        for at in range(count):
            one = new_id(start + at * step)
            where = self._dice.choice((1, 1, *self.groups[:200], self._dice.choice(self.groups)))
            rows.append({"id": one, "audience_id": where, "author_id": self._dice.choice(self.people),
                         "text": "Words", "html": "<p>Words</p>", "created_at": start + at * step})  # fmt: skip
            links += [{"item_id": one, "post_id": one, "topic_id": topic, "audience_id": where}
                      for topic in {self._topic(), self._topic()}]  # fmt: skip
        self._add(Post, rows)
        self._add(PostTopic, links)


def _pages() -> dict[str, tuple[str, bool]]:
    """Name, address, and whether it is asked as a fragment."""
    return {
        "groups": ("/groups", False),
        "groups, named": ("/groups?q=group+12", False),
        "groups, about a topic and lively": ("/groups?topic=topic0000&lively=1", False),
        "groups, mine": ("/groups?show=mine", False),
        "a group of 4,000": ("/groups/group-0", False),
        "a small group": ("/groups/group-4999", False),
        "its members": ("/groups/group-0/members", False),
        "its files": ("/groups/group-0/files", False),
        "topics": ("/topics", False),
        "rising topics": ("/topics?order=rising", False),
        "the most used topic": ("/topics/topic0000", False),
        "palette, opened": ("/palette?recent=/people/p9&recent=/groups/group-3", True),
        "palette, two letters": ("/palette?q=gr", True),
    }


def _measure(app: Flask, address: str, *, is_fragment: bool) -> tuple[list[float], int, int]:
    client, statements = app.test_client(), [0]
    headers = {"X-Fragment": "1"} if is_fragment else {}

    def note(*_told: object) -> None:
        statements[0] += 1

    client.get(address, headers=headers)
    event.listen(runtime(app).database.engine, "before_cursor_execute", note)
    answer = client.get(address, headers=headers)
    event.remove(runtime(app).database.engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} was answered with {answer.status_code}")
    times = []
    for _one in range(_TIMES):
        # Of the processor: a machine that is busy with other work does not change what a page costs.
        started = time.process_time()
        client.get(address, headers=headers)
        times.append((time.process_time() - started) * 1000)
    return sorted(times), statements[0], len(answer.data)


def main(arguments: list[str]) -> int:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(prog="script/bench group-pages", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("posts", nargs="?", type=int, default=_POSTS, help=f"how many posts there are ({_POSTS})")
    posts = parser.parse_args(arguments).posts
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder) / "data", async_mode="threading"))
        company = _Company(app, posts)
        reader = Viewer(company.people[0], frozenset({Role.MEMBER}))
        runtime(app).identify = lambda: reader
        print(f"{_PEOPLE} people, {_GROUPS} open groups, member of {_MINE}, {_TOPICS} topics, {posts} posts")
        for name, (address, is_fragment) in _pages().items():
            times, statements, size = _measure(app, address, is_fragment=is_fragment)
            p95 = times[int(len(times) * 0.95) - 1]
            print(f"{name:34} p50 {statistics.median(times):6.1f}  p95 {p95:6.1f} ms  {statements:3} statements  "
                  f"{size / 1024:5.0f} kB")  # fmt: skip
    return 0
