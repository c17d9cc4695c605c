"""What requests cost with eight clients at once: signing in, home, posting, searching, beside a bare Flask route.

`script/bench web [--folder DIR] [--times N]`: 1,200 people and 20,000 posts on SQLite, web and worker.
The company is made and indexed in DIR once. CPU is that of all the server's processes, until the worker rests again,
less what they use while nobody asks. Readers are in 20 groups and follow 50 people; pages hold 20 posts.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.feed_speed.company import Size, company, person_id, token_of
from intranet.accounts.models import Credential
from intranet.accounts.passwords import hash_password
from intranet.config import ROOT
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from tests.faults.running import Server, eventually, running_server

_SIZE = Size(people=1_200, posts=20_000, groups=600, topics=300)
_CLIENTS, _AUTHORS, _REST = 8, 100, 3.0
_PASSWORD = "ebb-and-flow-measured"  # noqa: S105 (of a made-up company)
_TICK = os.sysconf("SC_CLK_TCK")
_BARE = """
import sys
from flask import Flask
from flask_socketio import SocketIO
app = Flask("bare")
app.add_url_rule("/", "bare", lambda: "hello")
SocketIO(app, async_mode="eventlet").run(app, host="127.0.0.1", port=int(sys.argv[1]))
"""

Ask = Callable[[HTTPConnection, int], HTTPResponse]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    times: list[float]
    seconds: float
    cpu: float

    def __str__(self) -> str:
        ordered = sorted(self.times)
        p95, p99 = (ordered[int(len(ordered) * share) - 1] for share in (0.95, 0.99))
        told = f"{self.name:<28} {len(ordered) / self.seconds:7.0f} a second  p50 {statistics.median(ordered):7.1f}"
        return f"{told}  p95 {p95:7.1f}  p99 {p99:7.1f} ms  CPU {self.cpu * 1000 / len(ordered):6.2f} ms a request"


def main(arguments: list[str]) -> int:
    """Print a line for each kind of request."""
    parser = argparse.ArgumentParser(prog="script/bench web", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "couth-bench-web")
    parser.add_argument("--times", type=int, default=800, help="requests of each kind")
    asked = parser.parse_args(arguments)
    data = asked.folder / "data"
    _prepare(data)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with _bare() as (pid, port):
        print(Load(port, lambda: _cpu(pid)).measure("a bare Flask route", _get("/"), asked.times))
    with running_server(data) as server:
        load = Load(server.port, lambda: _cpu(server.process.pid))
        for name, ask, times in _requests(server, asked.times):
            print(load.measure(name, ask, times), flush=True)
        print(f"web and worker after it: {_memory(server.process.pid) / 1e6:.0f} MB PSS")
    return 0


def _requests(server: Server, times: int) -> Iterator[tuple[str, Ask, int]]:
    yield "home by API", _get("/api/v1/feed?view=newest"), times
    yield "home as a page", _get("/", packed=True), times
    yield "search by API", _get("/api/v1/search?q=pump+valve"), times
    yield "experts by API", _get("/api/v1/experts?q=gateway+firmware"), times
    yield "posting", _post, min(times, _AUTHORS * 100)
    doors = [_door(server.port) for _ in range(min(times, _AUTHORS) // 4)]
    yield "signing in", partial(_sign_in, doors), len(doors)


def _prepare(data: Path) -> None:
    """The company, with passwords for its first people, and its index."""
    mark = data / "indexed"
    app = company(data, _SIZE)
    if mark.exists():
        return
    hashed = hash_password(_PASSWORD)
    with runtime(app).database.unit_of_work(system(reason="benchmarks: makes a company")) as session:
        session.add_all(Credential(person_id=person_id(one), password_hash=hashed) for one in range(_AUTHORS))
    rebuild = [sys.executable, "-m", "flask", "--app", "wsgi", "index", "rebuild"]
    environment = {**os.environ, "COUTH_DATA": str(data)}
    subprocess.run(rebuild, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603 (our own)
    mark.write_text("the index holds the company\n", encoding="utf-8")


def _headers(number: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(number)}"}


def _get(address: str, *, packed: bool = False) -> Ask:
    def ask(line: HTTPConnection, number: int) -> HTTPResponse:
        line.request("GET", address, headers=_headers(number % 5) | ({"Accept-Encoding": "gzip"} if packed else {}))
        return line.getresponse()

    return ask


def _post(line: HTTPConnection, number: int) -> HTTPResponse:
    body = json.dumps({"text": f"The pump of line {number} lost its seal again #topic-{number % 9}"})
    headers = {**_headers(number % _AUTHORS), "Content-Type": "application/json"}
    line.request("POST", "/api/v1/posts", body=body, headers=headers)
    return line.getresponse()


def _door(port: int) -> tuple[str, str]:
    """The cookie and the token of a sign-in form."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    line.close()
    if found is None:
        raise RuntimeError("there is no form to sign in with")
    return str(answer.headers["Set-Cookie"]).partition(";")[0], found[1]


def _sign_in(doors: list[tuple[str, str]], line: HTTPConnection, number: int) -> HTTPResponse:
    cookie, token = doors[number]
    body = urlencode({"csrf_token": token, "login": f"person{number}", "password": _PASSWORD})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/sign-in", body=body, headers=headers)
    return line.getresponse()


@dataclass(slots=True)
class Load:
    """Eight clients that ask one thing again and again, each over one line."""

    port: int
    cpu: Callable[[], float]
    failed: list[str] = field(default_factory=list)

    def measure(self, name: str, ask: Ask, times: int) -> Figure:
        warm = 0 if name == "signing in" else 2 * _CLIENTS  # whoever signs in needs a door of their own
        self._run(ask, warm)
        idle = self._idle()
        began, before = time.monotonic(), self.cpu()
        taken = self._run(ask, times)
        seconds = time.monotonic() - began
        time.sleep(_REST)
        used = self.cpu() - before - idle * (time.monotonic() - began)
        if self.failed:
            raise RuntimeError(f"{name}: {len(self.failed)} failed, the first with {self.failed[0]}")
        return Figure(name, taken, seconds, used)

    def _idle(self) -> float:
        """Seconds of CPU a second while nobody asks."""
        time.sleep(_REST)
        before = self.cpu()
        time.sleep(_REST)
        return (self.cpu() - before) / _REST

    def _run(self, ask: Ask, times: int) -> list[float]:
        taken: list[float] = []
        numbers, lock = iter(range(times)), threading.Lock()

        def client() -> None:
            line = HTTPConnection("127.0.0.1", self.port, timeout=60)
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    break
                began = time.monotonic()
                answer = ask(line, number)
                answer.read()
                taken.append((time.monotonic() - began) * 1000)
                if answer.status not in {200, 201, 302, 303}:
                    self.failed.append(f"{answer.status} {answer.reason}")
            line.close()

        clients = [threading.Thread(target=client) for _ in range(_CLIENTS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        return taken


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _tree(int(child))


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process and its children have used, those that ended included."""
    found = 0
    for one in _tree(pid):
        parts = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        found += sum(map(int, parts[11:15]))
    return found / _TICK


def _memory(pid: int) -> int:
    """Bytes that the processes hold, shared ones by their part (PSS)."""
    rolled = (Path(f"/proc/{one}/smaps_rollup").read_text() for one in _tree(pid) if one != pid)
    return sum(int(size) for text in rolled for size in re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)) * 1000


@contextmanager
def _bare() -> Iterator[tuple[int, int]]:
    """A server like ours that does nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    silent = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", _BARE, str(port)], stdout=silent, stderr=silent)  # noqa: S603 (our own)

    def answers() -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    try:
        if not eventually(answers):
            raise RuntimeError("the bare server did not start")
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(timeout=20)
