"""What requests cost with eight clients at once: signing in, home, posting, searching, chat, beside idle servers.

`script/bench web [--folder DIR] [--times N] [SITE…]`: 1,200 people and 20,000 posts, made and indexed in DIR once. CPU
is that of all processes of a site, PostgreSQL and Redis included, until the worker rests again, less what they use
while nobody asks. Readers are in 20 groups and follow 50 people; pages hold 20 posts. With `--share 0.25` each web
process may use a quarter of a processor: how much more two of them answer than one, where neither takes it from others.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.chat import Crowd, say, talk
from benchmarks.feed_speed.company import Size, company, person_id, token_of
from benchmarks.web_load.measuring import Ask, Load, cpu_of, memory_below
from benchmarks.web_load.quotas import held_to
from benchmarks.web_load.references import bare_server
from benchmarks.web_load.sites import SITES, Site, running_site
from intranet.accounts.models import Credential
from intranet.accounts.passwords import hash_password
from intranet.config import ROOT
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from tests.faults.chatting import Line, open_room

_SIZE = Size(people=1_200, posts=20_000, groups=600, topics=300)
_AUTHORS, _LISTENERS = 100, 32
_MESSAGES, _RATE = 100, 10.0
_PASSWORD = "ebb-and-flow-measured"  # noqa: S105 (of a made-up company)


def main(arguments: list[str]) -> int:
    """Print a line for each kind of request at each site."""
    parser = argparse.ArgumentParser(prog="script/bench web", description=__doc__.splitlines()[0])
    parser.add_argument("sites", nargs="*", metavar="SITE", help=f"{', '.join(SITES)}; by default all of them")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "couth-bench-web")
    parser.add_argument("--times", type=int, default=800, help="requests of each kind")
    parser.add_argument("--share", type=float, help="of a processor that each web process may use; by default all")
    asked = parser.parse_args(arguments)
    unknown = set(asked.sites) - SITES.keys()
    if unknown:
        parser.error(f"there is no site {', '.join(sorted(unknown))}")
    data = asked.folder / "data"
    _prepare(data)
    for name in asked.sites or SITES:
        print(f"\n{name}, load of the machine before: {os.getloadavg()[0]:.1f}")
        _measure_bare(asked.times)
        with ExitStack() as stack:
            site = stack.enter_context(running_site(name, data))
            for pid in site.server.children("web") if asked.share else ():
                stack.enter_context(held_to(asked.share, pid))
            _measure(site, asked.times)
    return 0


def _measure_bare(times: int) -> None:
    with bare_server() as (pid, port):
        print(Load([port], partial(cpu_of, pid)).measure("a bare Flask route", _get("/"), times))
        _chat([Line(port, "") for _ in range(_LISTENERS)], "", "a bare socket that echoes")


def _measure(site: Site, times: int) -> None:
    load = Load(site.ports, partial(cpu_of, *site.roots))
    for name, ask, count in _requests(times):
        print(load.measure(name, ask, count), flush=True)
    doors = [_door(site.server.port) for _ in range(min(times, _AUTHORS) // 4)]
    print(load.measure("signing in", partial(_sign_in, doors), len(doors), is_warmed=False), flush=True)
    names = [f"person{number}" for number in range(1, _LISTENERS)]
    room = open_room(site.server, token_of(0), "measured", names)
    lines = [Line(site.ports[number % len(site.ports)], token_of(number)) for number in range(_LISTENERS)]
    _chat(lines, room, "chat, send to receipt")
    print(f"web and worker after it: {memory_below(site.server.process.pid) / 1e6:.0f} MB PSS")


def _chat(lines: list[Line], room: str, name: str) -> None:
    """Messages to a room of so many; each line hears all of them."""
    crowd = Crowd()
    for line in lines:
        crowd.join(line)
    talk(crowd, lines, room, count=10, rate=_RATE)
    say(name, talk(crowd, lines, room, count=_MESSAGES, rate=_RATE), wanted=len(lines) * _MESSAGES)
    for line in lines:
        line.end()


def _requests(times: int) -> Iterator[tuple[str, Ask, int]]:
    yield "home by API", _get("/api/v1/feed?view=newest"), times
    yield "home as a page", _get("/", packed=True), times
    yield "search by API", _get("/api/v1/search?q=pump+valve"), times
    yield "experts by API", _get("/api/v1/experts?q=gateway+firmware"), times
    yield "posting", _post, min(times, _AUTHORS * 100)


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
