"""How long a page of the feed takes on the server, from the request to the bytes of the answer, with signing in."""

import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from benchmarks.feed_speed.company import READERS, Size, person_id, reader_numbers, token_of
from intranet.kernel.runtime import runtime

_TIMES = 20  # for each reader


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds, and the most SQL statements that one request sent (``BEGIN`` not counted)."""

    name: str
    times: list[float]
    statements: int = 0
    goal: float | None = None

    @property
    def p95(self) -> float:
        return sorted(self.times)[max(0, int(len(self.times) * 0.95) - 1)]

    def __str__(self) -> str:
        told = f"{self.name:<62} p50 {statistics.median(self.times):7.1f}  p95 {self.p95:7.1f} ms"
        told += f"  {self.statements} statements" if self.statements else ""
        if self.goal is None:
            return told
        return f"{told}  goal {self.goal:g} ms: {'held' if self.p95 <= self.goal else 'MISSED'}"


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the driver."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    engine = runtime(app).database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def reading_figures(app: Flask, folder: Path, size: Size) -> Iterator[Figure]:
    """One line for each kind of reader and page, with what a page costs that reads nothing, and plain SQL."""
    yield _asked(app, "GET /api/v1/me (the floor: signing in, one row)", ["/api/v1/me"], [0])
    top, deep = below_measured(folder), oldest_tenth(folder)
    for place, (groups, follows) in enumerate(READERS):
        numbers = list(reader_numbers(place, size))
        who = f"{groups} groups, follows {follows}"
        yield _asked(app, f"Newest, first page, {who}", ["/api/v1/feed?view=newest"], numbers, goal=15)
        yield _asked(
            app, f"Newest, the company's own newest, {who}", [f"/api/v1/feed?view=newest&before={top}"], numbers
        )
        yield _asked(app, f"Newest, 900,000 posts down, {who}", [f"/api/v1/feed?view=newest&before={deep}"], numbers)
        yield _asked(app, f"For you, first page, {who}", ["/api/v1/feed?view=for-you"], numbers, goal=40)
        yield _asked(app, f"Catch up, first page, {who}", ["/api/v1/feed?view=catch-up"], numbers)
        yield _asked(app, f"Newest as HTML fragment, {who}", ["/?view=following"], numbers, fragment=True)
        yield Figure(f"reference: plain SQL for the ids of Newest, {who}", list(_plain(folder, numbers)))


def _asked(
    app: Flask,
    name: str,
    addresses: list[str],
    numbers: list[int],
    *,
    fragment: bool = False,
    goal: float | None = None,
) -> Figure:
    client = app.test_client()
    times: list[float] = []
    most = 0
    for turn in range(_TIMES + 3):
        for number in numbers:
            for address in addresses:
                headers = {"Authorization": f"Bearer {token_of(number)}"}
                if fragment:
                    headers["X-Fragment"] = "1"
                began = time.perf_counter()
                answer = client.get(address, headers=headers)
                taken = (time.perf_counter() - began) * 1000
                if answer.status_code != 200:
                    raise RuntimeError(f"{address} was answered with {answer.status_code}")
                if turn >= 3:  # the first few compile statements and templates
                    times.append(taken)
    for number in numbers:
        headers = {"Authorization": f"Bearer {token_of(number)}", **({"X-Fragment": "1"} if fragment else {})}
        with counting(app) as seen:
            client.get(addresses[0], headers=headers)
        most = max(most, len(seen))
    return Figure(name, times, most, goal)


def below_measured(folder: Path) -> int:
    """The id below which the company's own posts lie, with what hangs on them. Above are the bare ones that earlier
    measurements of publishing left, which cost less to show: a page further down is not to be compared with those."""
    with sqlite3.connect(folder / "couth.db") as connection:
        own = "SELECT max(id) + 1 FROM posts WHERE text NOT LIKE 'measured %'"
        return int(connection.execute(own).fetchone()[0])


def oldest_tenth(folder: Path) -> int:
    """The id below which a tenth of the posts lies."""
    with sqlite3.connect(folder / "couth.db") as connection:
        count = connection.execute("SELECT count(*) FROM posts").fetchone()[0]
        found = connection.execute("SELECT id FROM posts ORDER BY id LIMIT 1 OFFSET ?", (count // 10,)).fetchone()
    return int(found[0])


_PLAIN = """
SELECT id FROM posts WHERE deleted_at IS NULL
AND audience_id IN (SELECT id FROM audiences WHERE readable_by_all
                    UNION ALL SELECT audience_id FROM memberships WHERE person_id = :me)
AND (audience_id IN (SELECT group_id FROM group_members WHERE person_id = :me)
     OR author_id IN (SELECT target_id FROM follows WHERE follower_id = :me AND kind = 'person')
     OR author_id = :me OR kind = 'announcement'
     OR id IN (SELECT item_id FROM post_topics JOIN follows ON target_id = topic_id
               WHERE follower_id = :me AND follows.kind = 'topic' AND item_id = post_id))
ORDER BY id DESC LIMIT 21
"""


def _plain(folder: Path, numbers: list[int]) -> Iterator[float]:
    connection = sqlite3.connect(folder / "couth.db")
    connection.execute("PRAGMA cache_size=-32000")
    for _turn in range(5):
        for number in numbers:
            began = time.perf_counter()
            connection.execute(_PLAIN, {"me": person_id(number)}).fetchall()
            yield (time.perf_counter() - began) * 1000
    connection.close()
