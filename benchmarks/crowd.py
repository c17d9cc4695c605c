"""Three thousand open pages while posts keep coming: that each arrives once and soon, and that memory stays flat.

`script/bench crowd [--folder DIR] [--minutes N] [--sockets N] [SITE]`: a company of as many people as sockets, each in
about twenty groups of about a hundred. Twenty times a second somebody posts to one of them, every ten seconds to all.
By default on PostgreSQL and Redis with two web processes, which share the sockets. An arrival is timed from the moment
its post was sent to the server; the bare echo beside it is one socket that tells 32.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import select

from benchmarks.chat import Crowd, say, talk
from benchmarks.feed_speed.company import Size, company, group_id, person_id, token_of
from benchmarks.feed_speed.sockets import Arrival, open_pages
from benchmarks.web_load.measuring import cpu_of, memory_below
from benchmarks.web_load.references import bare_server
from benchmarks.web_load.sites import SITES, Site, running_site
from intranet.kernel.audience import Membership
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from tests.faults.chatting import Line

_GROUPS, _TOPICS, _POSTS = 600, 300, 20_000
_RATE, _ALL_EVERY = 20, 10
_SENDERS = 8
_REST, _SAMPLES = 10.0, 20
_LIMIT, _SHOWN = 500.0, 5
_GROWN = 1.1
"""The last quarter of the run may hold so many times what the second quarter held: caches fill in the first."""

Members = Mapping[int, Sequence[int]]


@dataclass(slots=True)
class _Posts:
    """What was sent: the moment of each mark, and who should hear of it. Its senders share it."""

    members: Members
    ports: Sequence[int]
    everybody: Sequence[int]
    sent: dict[str, tuple[float, Sequence[int]]] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def send_all(self, seconds: float) -> None:
        """Posts at their rate, each at its own moment whether or not those before it were answered."""
        began, due = time.monotonic(), iter(range(int(seconds * _RATE)))
        lock, chance = threading.Lock(), random.Random(20261123)

        def sender() -> None:
            while True:
                with lock:
                    number = next(due, None)
                    choice = self._choice(chance, number or 0)
                if number is None:
                    return
                moment = began + number / _RATE
                time.sleep(max(0.0, moment - time.monotonic()))
                self.late.append((time.monotonic() - moment) * 1000)
                self._send(number, *choice)

        senders = [threading.Thread(target=sender) for _ in range(_SENDERS)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()

    def _choice(self, chance: random.Random, number: int) -> tuple[int, int | None]:
        """The author, and the group; none is everybody."""
        if number % (_RATE * _ALL_EVERY) == 0:
            return chance.choice(self.everybody), None
        group = chance.choice(list(self.members))
        return chance.choice(self.members[group]), group

    def _send(self, number: int, author: int, group: int | None) -> None:
        mark = str(time.monotonic_ns())
        body: dict[str, object] = {"text": f"measured {mark}"}
        if group is not None:
            body["audience"] = {"group": str(group)}
        headers = {"Authorization": f"Bearer {token_of(author)}", "Content-Type": "application/json"}
        line = HTTPConnection("127.0.0.1", self.ports[number % len(self.ports)], timeout=60)
        began = time.monotonic()
        try:
            line.request("POST", "/api/v1/posts", body=json.dumps(body), headers=headers)
            answer = line.getresponse()
            answer.read()
        finally:
            line.close()
        self.answers.append((time.monotonic() - began) * 1000)
        if answer.status == 201:
            self.sent[mark] = began, self.everybody if group is None else self.members[group]
        else:
            self.refused.append(f"{answer.status} {answer.reason}")


def main(arguments: list[str]) -> int:
    """Print the figures; 1 where a delivery was lost or doubled, came too late, or memory kept growing."""
    parser = argparse.ArgumentParser(prog="script/bench crowd", description=__doc__.splitlines()[0])
    parser.add_argument("site", nargs="?", default="postgresql-2", choices=list(SITES))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "couth-bench-crowd")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--sockets", type=int, default=3_000)
    asked = parser.parse_args(arguments)
    data = asked.folder / "data"
    members = _members(data, asked.sockets)
    print(f"{asked.site}, load of the machine before: {os.getloadavg()[0]:.1f}")
    with bare_server() as (_, port):
        echo = Crowd()
        for line in (lines := [Line(port, "") for _ in range(32)]):
            echo.join(line)
        say("a bare socket that echoes to 32", talk(echo, lines, "", count=100, rate=10), wanted=3_200)
    with running_site(asked.site, data) as site:
        posts = _Posts(members, site.ports, range(asked.sockets))
        began, cpu = time.monotonic(), partial(cpu_of, *site.roots)
        with open_pages(site.ports, asked.sockets) as pages:
            print(f"  {asked.sockets:,} sockets opened in {time.monotonic() - began:.0f} s", flush=True)
            before, started = cpu(), time.monotonic()
            with _memory(site, asked.minutes * 60 / _SAMPLES) as held:
                posts.send_all(asked.minutes * 60)
            used = (cpu() - before) / (time.monotonic() - started)
            time.sleep(_REST)
    for number, moment, why in pages.broken[:_SHOWN]:
        print(f"  the line of person {number} broke {moment - started:.0f} s after the first post: {why}")
    print(f"  {len(pages.broken)} lines broke")
    return 0 if _told(posts, pages.arrivals, held, used) else 1


def _members(data: Path, people: int) -> dict[int, list[int]]:
    """The numbers of each group's members, without the group of all."""
    app = company(data, Size(people=people, posts=_POSTS, groups=_GROUPS, topics=_TOPICS))
    found: dict[int, list[int]] = defaultdict(list)
    with runtime(app).database.reading(system(reason="benchmarks: who should hear")) as session:
        for group, person in session.execute(select(Membership.audience_id, Membership.person_id)):
            if group > group_id(0):
                found[group].append(person - person_id(0))
    runtime(app).database.engine.dispose()
    return dict(found)


@contextmanager
def _memory(site: Site, pause: float) -> Iterator[list[float]]:
    """MB (PSS) that web and worker hold, every ``pause`` seconds until the block ends."""
    held: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(pause):
            held.append(memory_below(site.server.process.pid) / 1e6)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield held
    finally:
        ended.set()
        looker.join()


def _told(posts: _Posts, arrivals: Sequence[Arrival], held: Sequence[float], used: float) -> bool:
    """Print the figures; whether all is as it should be."""
    arrived = Counter((mark, number) for mark, number, _ in arrivals if mark in posts.sent)
    wanted = {(mark, number) for mark, (_, hearers) in posts.sent.items() for number in hearers}
    lost, doubled = len(wanted - arrived.keys()), sum(count - 1 for count in arrived.values())
    stray = len(arrived.keys() - wanted)
    times = sorted((moment - posts.sent[mark][0]) * 1000 for mark, _, moment in arrivals if mark in posts.sent)
    say("from sending to each open page", times, wanted=len(wanted))
    to_all = {mark for mark, (_, hearers) in posts.sent.items() if hearers is posts.everybody}
    to_all_times = sorted((at - posts.sent[mark][0]) * 1000 for mark, _, at in arrivals if mark in to_all)
    say("of those to everybody", to_all_times, wanted=len(to_all) * len(posts.everybody))
    say("until the answer", sorted(posts.answers), wanted=len(posts.answers))
    quarter = max(1, len(held) // 4)
    second, last = (statistics.mean(part) for part in (held[quarter : 2 * quarter] or held, held[-quarter:]))
    print(f"  lost {lost}, doubled {doubled}, to somebody else {stray}; {len(posts.refused)} posts refused")
    print(f"  sent late by at most {max(posts.late):.0f} ms; CPU of all processes {used:.2f} of {os.cpu_count()} cores")
    print(f"  web and worker: {second:.0f} MB in the second quarter, {last:.0f} MB in the last (PSS)")
    is_quick = bool(times) and times[int(len(times) * 0.95) - 1] <= _LIMIT
    return is_quick and not (lost or doubled or stray or posts.refused) and last <= second * _GROWN
