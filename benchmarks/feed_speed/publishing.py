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
from intranet.config import ROOT

_POSTS, _AUTHORS, _PAUSE = 60, 20, 0.5


def publishing_figures(folder: Path, *, sockets: int) -> Iterator[Figure]:
    """The answer as a client on the same machine has it, HTTP and JSON included; the push from sending to arrival."""
    with _web(folder) as port:
        yield _floor(port)
        listener = subprocess.Popen(  # noqa: S603 (our own)
            [sys.executable, "-m", "benchmarks.feed_speed.sockets", str(port), str(sockets)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if listener.stdout is None or listener.stdout.readline().strip() != "ready":
            raise RuntimeError("the sockets did not open")
        sent, answers = _post(port)
        time.sleep(2)
        told, _ = listener.communicate("")
        arrived: dict[str, list[float]] = json.loads(told)
    yield Figure("publish to a group of 10,000, until the answer", answers, goal=10)
    times = [(moment - sent[mark]) * 1000 for mark in sent for moment in arrived.get(mark, [])]
    lost = len(sent) * sockets - len(times)
    yield Figure(f"its push to {sockets:,} open sockets ({lost} lost)", times, goal=500)


def _floor(port: int) -> Figure:
    times = []
    for _ in range(_POSTS):
        began = time.monotonic()
        _ask(port, "GET", "/api/v1/me", token_of(0), None)
        times.append((time.monotonic() - began) * 1000)
    return Figure("reference: GET /api/v1/me over the same HTTP", times)


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
