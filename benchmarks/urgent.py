"""How soon an urgent announcement is on every open page, and that who has not acknowledged it is reminded once.

The listeners are real websockets in this process, the server with its worker in its own. Half of the people
acknowledge; the reminder comes by itself at the moment that the announcement names, and is counted in the ledger.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.chat import Crowd
from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Role, Viewer, system
from intranet.notifications.models import Notice, Source
from intranet.posts.announcements.actions import acknowledge
from tests.faults.chatting import Line, members
from tests.faults.running import Server, eventually, running_server

_LIMIT = 5.0
_REMIND_AFTER = timedelta(seconds=60)
_LOOKING = system(reason="measurement: reads the ledger of its own server")


class _Listeners(Crowd):
    """When each line had the announcement."""

    def listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and sum(map(len, self.arrived.values())) < len(self.lines):
            for key, _ in self.ready.select(left):
                said = key.data.next(5)
                if said is not None and said[0] == "event" and said[1]["type"] == "post.published":
                    self.arrived.setdefault(said[1]["data"]["text"], []).append(time.monotonic())


def _give_voice(session: Session) -> None:
    session.scalars(select(Person).where(Person.username == "speaker")).one().roles = [Role.COMMUNICATOR]


def measure(server: Server, people: int) -> bool:
    """Print the figures; whether everybody had it in time and nobody was reminded wrongly."""
    names = [f"member{number}" for number in range(people)]
    tokens = members(server, ["speaker", *names])
    database = Database(Settings(data=server.data).database)
    database.transact(_LOOKING, _give_voice, seconds=30)
    crowd = _Listeners()
    for name in names:
        crowd.join(Line(server.port, tokens[name]))
    text = "Leave the building now"
    remind_at = clock.now() + _REMIND_AFTER
    body = {"text": text, "kind": "announcement", "asks": True, "urgent": True, "remind_at": clock.iso(remind_at)}
    began = time.monotonic()
    status, post = server.ask("POST", "/api/v1/posts", token=tokens["speaker"], body=body)
    if status != 201:
        raise RuntimeError(f"announcing was answered with {status}: {post}")
    crowd.listen(_LIMIT * 4)
    times = sorted(moment - began for moment in crowd.arrived.get(text, []))
    for line in crowd.lines:
        line.end()
    print(f"  {len(times)} of {people} open pages have it: p50 {statistics.median(times) * 1000:.0f} ms, "
          f"p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, last {times[-1] * 1000:.0f} ms")  # fmt: skip
    is_right = _reminded(database, names, int(post["id"]))
    database.engine.dispose()
    return len(times) == people and times[-1] <= _LIMIT and is_right


def _reminded(database: Database, names: list[str], post_id: int) -> bool:
    """Half acknowledge; the others, and they alone, get one reminder."""
    half = names[: len(names) // 2]
    with database.reading(_LOOKING) as session:
        ids = session.scalars(select(Person.id).where(Person.username.in_(half))).all()
    for person_id in ids:
        viewer = Viewer(person_id, frozenset({Role.MEMBER}))
        database.transact(viewer, partial(acknowledge, viewer=viewer, post_id=post_id), seconds=30)

    def counted() -> Counter[str]:
        with database.reading(_LOOKING) as session:
            told = select(Person.username).join(Notice, Notice.person_id == Person.id)
            return Counter(session.scalars(told.where(Notice.source == Source.REMINDER)))

    eventually(lambda: len(counted()) >= len(names) - len(half), seconds=_REMIND_AFTER.total_seconds() + 30)
    time.sleep(3)  # a second one would come now
    found = counted()
    print(f"  {len(half)} acknowledged, {len(found)} were reminded, most often {max(found.values(), default=0)} times")
    return set(found) == set(names) - set(half) and set(found.values()) == {1}


def main(arguments: list[str]) -> int:
    """Print the figures; not zero where somebody had to wait for more than five seconds or was reminded wrongly."""
    parser = argparse.ArgumentParser(prog="script/bench urgent", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("people", nargs="?", type=int, default=200)
    people = parser.parse_args(arguments).people
    print(f"{people} people online, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "data") as server:
        return 0 if measure(server, people) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
