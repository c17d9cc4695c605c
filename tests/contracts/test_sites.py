"""What every way of running Couth keeps: on each database, through each fan-out, under each server, from each process.

A site costs seconds to start, so that each one is asked about everything in one test.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.listening import Listener, listening
from tests.faults.chatting import members
from tests.faults.running import Server, running_server
from tests.servers import PostgreSQL, redis_server

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(300)]

_ONE_PART, _CONFIRMING = 4096, 0.035  # bytes; seconds that a line lets pass before it confirms what came
# Each database with each fan-out, and each server at least once.
COMBINATIONS = [
    ("sqlite", "in-process", "eventlet"),
    ("postgresql", "redis", "eventlet"),
    ("sqlite", "redis", "threading"),
    ("postgresql", "in-process", "gevent"),
]


@dataclass(frozen=True, slots=True)
class Site:
    """A running site with its members' tokens; ``webs`` are its web processes."""

    server: Server
    webs: range
    tokens: dict[str, str]

    @property
    def last(self) -> int:
        """The web process that is another one than the first, where there are several."""
        return self.webs[-1]

    def listener(self, stack: ExitStack, who: str, *, web: int = 0, transport: str = "websocket") -> Listener:
        return stack.enter_context(listening(self.server, self.tokens[who], web=web, transport=transport))

    def post(self, text: str, *, web: int = 0, key: str = "", **more: object) -> str:
        """Alice's post; returns its id."""
        body = {"text": text, **more}
        status, answer = self.server.ask(
            "POST", "/api/v1/posts", token=self.tokens["alice"], body=body, key=key, web=web
        )
        assert status == 201, answer
        return str(answer["id"])

    def ask(
        self, who: str, method: str, path: str, body: object = None, *, web: int = 0, key: str = ""
    ) -> dict[str, Any]:
        status, answer = self.server.ask(method, f"/api/v1/{path}", token=self.tokens[who], body=body, web=web, key=key)
        assert status < 300, answer
        return answer


@pytest.fixture(params=COMBINATIONS, ids="-".join)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    database, fan_out, mode = request.param
    settings = {"COUTH_ASYNC_MODE": mode}
    with ExitStack() as stack:
        if database == "postgresql":
            server: PostgreSQL = request.getfixturevalue("postgresql")
            settings["COUTH_DATABASE_URL"] = server.empty()
        if fan_out == "redis":
            settings["COUTH_REDIS_URL"] = stack.enter_context(redis_server()).url
        webs = range(2 if fan_out == "redis" else 1)
        running = stack.enter_context(running_server(tmp_path / "data", web=len(webs), settings=settings))
        yield Site(running, webs, members(running, ["alice", "bob", "carol"]))


def test_a_site_keeps_its_word(site: Site) -> None:
    for claim in CLAIMS:
        claim(site)


def a_post_is_heard_once_on_every_line(site: Site) -> None:
    with ExitStack() as stack:
        lines = [
            site.listener(stack, "bob", web=web, transport=transport)
            for web in site.webs
            for transport in ("websocket", "polling")
        ]
        posts = [site.post(f"heard from process {web}", web=web) for web in site.webs]
        marker = site.post("the last of them")
        for line in lines:
            assert line.heard_in_time(lambda line: any(post["id"] == marker for post in line.events("post.published")))
            assert [post["id"] for post in line.events("post.published")] == [*posts, marker]


def what_is_closed_stays_inside(site: Site) -> None:
    group = site.ask("alice", "POST", "groups", {"name": "Lens grinders", "kind": "closed"})
    site.ask("alice", "POST", f"groups/{group['id']}/members", {"username": "bob"}, web=site.last)
    with ExitStack() as stack:
        bob = site.listener(stack, "bob", web=site.last)
        carol = site.listener(stack, "carol", web=site.last)
        inside = site.post("only the grinders", audience={"group": group["id"]})
        outside = site.post("for everybody")
        for line, expected in ((bob, [inside, outside]), (carol, [outside])):
            assert line.heard_in_time(lambda line: any(it["id"] == outside for it in line.events("post.published")))
            assert [post["id"] for post in line.events("post.published")] == expected
        site.ask("alice", "DELETE", f"groups/{group['id']}/members/bob")
        assert bob.heard_in_time(lambda line: bool(line.lossy("rooms")))
        later = site.post("bob has gone", audience={"group": group["id"]})
        last = site.post("for everybody again")
        assert bob.heard_in_time(lambda line: any(it["id"] == last for it in line.events("post.published")))
        assert later not in [post["id"] for post in bob.events("post.published")]


def what_is_written_is_found_at_once_everywhere(site: Site) -> None:
    post = site.post("the heliostat drifts in the afternoon")
    for web in site.webs:
        found = site.ask("bob", "GET", "search?q=heliostat&kind=post", web=web)
        assert [item["id"] for item in found["items"]] == [post]
        experts = site.ask("bob", "GET", "experts?q=heliostat", web=web)
        assert [item["person"]["username"] for item in experts["items"]] == ["alice"]


def a_long_answer_does_not_wait_for_its_first_part_to_be_confirmed(site: Site) -> None:
    line, took = HTTPConnection("127.0.0.1", site.server.port, timeout=60), []
    for _time in range(20):
        began = time.monotonic()
        line.request("GET", "/sign-in")
        assert len(line.getresponse().read()) > _ONE_PART
        took.append(time.monotonic() - began)
    line.close()
    assert min(took) < _CONFIRMING  # the quickest, since others may want the machine


def messages_have_one_order(site: Site) -> None:
    room = site.ask("alice", "POST", "conversations", {"room": "grinding", "private": True, "people": ["bob"]})
    with ExitStack() as stack:
        alice = site.listener(stack, "alice")
        bob = site.listener(stack, "bob", web=site.last, transport="polling")

        def talk(line: Listener) -> None:
            for number in range(12):
                said = {"conversation": room["id"], "text": f"{number}", "nonce": f"{id(line)}-{number}"}
                assert line.call("chat:send", said)["ok"]

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(talk, (alice, bob)))
        kept = site.ask("bob", "GET", f"conversations/{room['id']}/messages?limit=100")["items"]
        order = [message["id"] for message in reversed(kept)]
        assert len(order) == 24
        for line in (alice, bob):
            assert line.heard_in_time(lambda line: len(line.events("message.sent")) >= len(order))
            assert [message["id"] for message in line.events("message.sent")] == order


def typing_crosses_processes(site: Site) -> None:
    room = site.ask("alice", "POST", "conversations", {"people": ["bob"]})
    with ExitStack() as stack:
        alice, bob = site.listener(stack, "alice"), site.listener(stack, "bob", web=site.last)
        assert alice.call("chat:typing", {"conversation": room["id"]})["ok"]
        assert bob.heard_in_time(lambda line: len(line.lossy("typing")) == 1)


def one_key_makes_one_post(site: Site) -> None:
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(site.post, "once only", web=site.webs[n % len(site.webs)], key="one") for n in range(8)]
        assert len({done.result() for done in tries}) == 1


def what_was_heard_is_what_can_be_asked_for(site: Site) -> None:
    with ExitStack() as stack:
        bob = site.listener(stack, "bob", web=site.last)
        site.post("the first of two")
        marker = site.post("the second of two")
        assert bob.heard_in_time(lambda line: any(it["id"] == marker for it in line.events("post.published")))
        heard = [data for name, data in bob.heard if name == "event"]
    answer = site.ask("bob", "GET", f"events?since={int(heard[0]['id']) - 1}")
    assert answer["items"] == heard


CLAIMS: list[Callable[[Site], None]] = [
    a_post_is_heard_once_on_every_line,
    what_is_closed_stays_inside,
    what_is_written_is_found_at_once_everywhere,
    a_long_answer_does_not_wait_for_its_first_part_to_be_confirmed,
    messages_have_one_order,
    typing_crosses_processes,
    one_key_makes_one_post,
    what_was_heard_is_what_can_be_asked_for,
]
