"""PostgreSQL and Redis fall over under a site of two web processes: nothing is lost or doubled, and all of it heals."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.contracts.listening import listening
from tests.faults.chatting import members
from tests.faults.running import Server, eventually, running_server, whole_feed
from tests.servers import PostgreSQL, Redis, redis_server

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class Site:
    """Two web processes and a worker, and what they stand on."""

    server: Server
    postgresql: PostgreSQL
    redis: Redis
    tokens: dict[str, str]


@pytest.fixture
def site(postgresql: PostgreSQL, tmp_path: Path) -> Iterator[Site]:
    with redis_server() as redis:
        settings = {"COUTH_DATABASE_URL": postgresql.empty(), "COUTH_REDIS_URL": redis.url}
        with running_server(tmp_path / "data", web=2, settings=settings) as server:
            yield Site(server, postgresql, redis, members(server, ["alice", "bob"]))


def publish(site: Site, number: int) -> str:
    """Send one post until it is acknowledged, now to one process and now to the other; returns its id."""
    answer: dict[str, object] = {}
    tries = iter(range(1_000_000))

    def send() -> bool:
        try:
            status, found = site.server.ask(
                "POST",
                "/api/v1/posts",
                token=site.tokens["alice"],
                body={"text": f"number {number}"},
                key=f"post {number}",
                web=next(tries) % 2,
            )
        except (OSError, HTTPException):
            return False
        answer.update(found)
        return status == 201

    assert eventually(send), f"number {number} was never taken"
    return str(answer["id"])


def test_nothing_is_lost_while_postgresql_falls_over_and_redis_goes(site: Site) -> None:
    published: list[str] = []

    def write() -> None:
        published.extend(publish(site, number) for number in range(60))

    writer = threading.Thread(target=write)
    writer.start()
    for fall in range(2):
        assert eventually(partial(_has, published, 12 * (fall + 1)))
        site.postgresql.stop_at_once()
        site.postgresql.start()
    site.redis.kill()
    writer.join()

    feed = [item for item in whole_feed(site.server, site.tokens["bob"]) if item["text"].startswith("number")]
    assert sorted(item["id"] for item in feed) == sorted(published)
    assert len({item["text"] for item in feed}) == 60
    assert eventually(lambda: found(site, "number") == 60), "the index has fallen behind"

    with ExitStack() as stack:  # without Redis, every process still tells its own sockets
        lines = [stack.enter_context(listening(site.server, site.tokens["bob"], web=web)) for web in (0, 1)]
        last = publish(site, 60)
        for line in lines:
            # A process that has just found its database again may still be telling what came before.
            assert line.heard_in_time(lambda line: any(post["id"] == last for post in line.events("post.published")))
            heard = [post["id"] for post in line.events("post.published")]
            assert len(heard) == len(set(heard))
        site.redis.start()
        room = _two(site)
        alice = stack.enter_context(listening(site.server, site.tokens["alice"], web=0))

        def types() -> bool:
            alice.call("chat:typing", {"conversation": room})
            return bool(lines[1].lossy("typing"))

        assert eventually(types, seconds=90), "typing never crossed to the other process again"


def _has(published: list[str], count: int) -> bool:
    return len(published) >= count


def found(site: Site, word: str) -> int:
    try:
        status, answer = site.server.ask(
            "GET", f"/api/v1/search?q={word}&kind=post&limit=100", token=site.tokens["bob"]
        )
    except (OSError, HTTPException):
        return 0
    return len(answer["items"]) if status == 200 else 0


def _two(site: Site) -> str:
    status, room = site.server.ask(
        "POST", "/api/v1/conversations", token=site.tokens["alice"], body={"people": ["bob"]}
    )
    assert status == 201, room
    return str(room["id"])
