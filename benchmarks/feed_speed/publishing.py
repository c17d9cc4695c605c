"""Posting to a group of 10,000: how long until the answer, and until a thousand open pages have it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.feed_speed.company import group_id, token_of
from benchmarks.feed_speed.reading import Figure
from benchmarks.feed_speed.sockets import open_pages
from intranet.config import ROOT

_POSTS, _AUTHORS, _PAUSE = 60, 20, 0.5


def publishing_figures(folder: Path, *, sockets: int) -> Iterator[Figure]:
    """The answer as a client on the same machine has it, HTTP and JSON included; the push from sending to arrival.

    The reference is asked without a pause and at the pace of the posts: after a pause the processor's caches hold what
    others did, and its clock is slow, on both sides and whatever is asked.
    """
    with _web(folder) as port:
        yield _floor(port, pause=0)
        yield _floor(port, pause=_PAUSE)
        with open_pages([port], sockets) as pages:
            sent, answers = _post(port)
            time.sleep(2)
    yield Figure("publish to a group of 10,000, until the answer", answers, goal=10)
    times = [(moment - sent[mark]) * 1000 for mark, _, moment in pages.arrivals if mark in sent]
    lost = len(sent) * sockets - len(times)
    yield Figure(f"its push to {sockets:,} open sockets ({lost} lost)", times, goal=500)


def _floor(port: int, *, pause: float) -> Figure:
    times = []
    for _ in range(_POSTS):
        began = time.monotonic()
        _ask(port, "GET", "/api/v1/me", token_of(0), None)
        times.append((time.monotonic() - began) * 1000)
        time.sleep(pause)
    pace = "at the pace of the posts" if pause else "without a pause"
    return Figure(f"reference: GET /api/v1/me over the same HTTP, {pace}", times)


def _post(port: int) -> tuple[dict[str, float], list[float]]:
    sent: dict[str, float] = {}
    answers: list[float] = []
    for number in range(_POSTS + 3):
        began = time.monotonic()
        mark = str(time.monotonic_ns())
        body = {"text": f"measured {mark}", "audience": {"group": str(group_id(0))}}
        status = _ask(port, "POST", "/api/v1/posts", token_of(number % _AUTHORS), body)
        if status != 201:
            raise RuntimeError(f"posting was answered with {status}")
        if number >= 3:  # the first few compile their statements
            sent[mark] = began
            answers.append((time.monotonic() - began) * 1000)
        time.sleep(_PAUSE)
    return sent, answers


def _ask(port: int, method: str, path: str, token: str, body: object) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@contextmanager
def _web(folder: Path) -> Iterator[int]:
    """The web process alone: the worker would begin to index a million posts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "COUTH_DATA": str(folder), "COUTH_PORT": str(port)}
    with (folder / "web.log").open("w") as log:
        web = subprocess.Popen([sys.executable, "wsgi.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield port
        finally:
            web.terminate()
            web.wait(timeout=20)
