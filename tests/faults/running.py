"""The whole product in processes of its own, as script/server runs it, for tests that kill some of them."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from intranet import create_app
from intranet.config import ROOT, load
from intranet.kernel.runtime import runtime
from script.bootstrap.bundle import make_bundle
from script.bootstrap.turn import one_at_a_time

PATIENCE = 60.0


def eventually(claim: Callable[[], bool], *, seconds: float = PATIENCE) -> bool:
    """Whether the claim comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if claim():
            return True
        time.sleep(0.1)
    return claim()


def command(data: Path, settings: Mapping[str, str], *words: str) -> str:
    """What ``flask --app wsgi …`` prints; in this process, because a new one needs seconds to get ready."""
    app = create_app(load({**os.environ, **settings, "COUTH_DATA": str(data)}))
    try:
        done = app.test_cli_runner().invoke(args=words)
    finally:
        runtime(app).database.engine.dispose()
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Server:
    """A running script/server; ``process`` is its supervisor."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    web: int = 1

    def child(self, name: str) -> int | None:
        """The process id of (the first) "web" or "worker"; None while it is down."""
        return next(iter(self.children(name)), None)

    def children(self, name: str) -> list[int]:
        """The process ids of all that run of "web" or "worker"."""
        mark = {"web": b"wsgi.py", "worker": b"worker"}[name]
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in listed if mark in _words_of(pid)]

    def kill(self, name: str) -> None:
        """kill -9, and wait until another one has taken its place."""
        before = self.child(name)
        assert before is not None, f"no {name} to kill"
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: self.child(name) not in {None, before}), f"{name} did not come back"

    def ask(
        self, method: str, path: str, *, token: str = "", body: Any = None, key: str = "", web: int = 0
    ) -> tuple[int, dict[str, Any]]:
        """One request to a web process (the first is 0), as a program with a token would send it.

        Raises:
            OSError, HTTPException: nobody answered.
        """
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        connection = HTTPConnection("127.0.0.1", self.port + web, timeout=10)
        try:
            connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(content) if content else {}

    def is_well(self) -> bool:
        """Whether every web process says so."""
        try:
            return all(self.ask("GET", "/health", web=web)[1].get("status") == "ok" for web in range(self.web))
        except (OSError, HTTPException, ValueError):
            return False

    def command(self, *words: str) -> str:
        """What ``flask --app wsgi …`` prints."""
        return command(self.data, self.settings, *words)

    def member(self, username: str) -> str:
        """A new colleague's API token."""
        self.command("people", "add", username, "--name", username.capitalize(), "--email", f"{username}@example.com")
        return self.command("token", username).splitlines()[-1]


def _words_of(pid: str) -> list[bytes]:
    """The command line of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody uses; below those that lines going out are given, since one
    of these may be taken before a server is up."""
    while True:
        first = random.randrange(20_000, 32_000)
        with ExitStack() as held:
            try:
                for port in range(first, first + count):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
        return first


@contextmanager
def running_server(data: Path, *, web: int = 1, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """script/server on new ports, well when it is handed out and stopped in the end."""
    with one_at_a_time():
        make_bundle()  # here, so that a busy machine takes its time for it before the clock of being well runs
    port = free_ports(web)
    log = data.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, str(ROOT / "script" / "server")),
                *("--port", str(port), "--data", str(data), "--web", str(web)),
            ],
            cwd=ROOT,
            env={**os.environ, **(settings or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process=process, port=port, data=data, log=log, settings=settings or {}, web=web)
    try:
        assert eventually(server.is_well), log.read_text()
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def whole_feed(server: Server, token: str) -> list[dict[str, Any]]:
    """Every post that the token's owner may see."""
    items: list[dict[str, Any]] = []
    before = ""
    while True:
        _, page = server.ask("GET", f"/api/v1/feed?view=everyone&limit=100{before}", token=token)
        items += page["items"]
        if not page["next"]:
            return items
        before = f"&before={page['next']}"


def search(server: Server, token: str, word: str) -> list[str]:
    """Ids of the posts that a search finds, once it finds any; empty where it never does."""
    found: list[str] = []

    def look() -> bool:
        _, answer = server.ask("GET", f"/api/v1/search?q={word}&kind=post", token=token)
        found[:] = [str(item["id"]) for item in answer["items"]]
        return bool(found)

    eventually(look, seconds=20)
    return found
