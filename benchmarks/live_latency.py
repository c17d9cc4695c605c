"""How long a post takes to reach another open page: on a quiet server, and while the worker imports a corpus.

The corpus is a folder that `import jsonl` takes. Times are from the moment the
request is sent to the moment the other person's socket has the event, in milliseconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio

from intranet.config import ROOT
from tests.faults.running import Server, running_server

_QUIET_POSTS = 60
_PAUSE = 0.25
_AUTHORS = 12
_LONGEST = 600.0


@dataclass(slots=True)
class Listener:
    """Bob's socket: when each post arrived, by its text."""

    client: Any = field(default_factory=socketio.Client)
    arrived: dict[str, float] = field(default_factory=dict)

    def listen(self, server: Server, token: str) -> None:
        self.client.on("event", self._note)
        self.client.connect(f"http://127.0.0.1:{server.port}", auth={"token": token}, transports=["websocket"])

    def _note(self, event: dict[str, Any]) -> None:
        text = (event.get("data") or {}).get("text")
        if event["type"] == "post.published" and isinstance(text, str):
            self.arrived[text] = time.monotonic()


def _measure(
    server: Server, tokens: list[str], listener: Listener, *, posts: int, done: threading.Event
) -> list[float]:
    sent: dict[str, float] = {}
    deadline = time.monotonic() + _LONGEST
    while len(sent) < posts and not done.is_set() and time.monotonic() < deadline:
        text = f"measured {time.monotonic_ns()}"
        sent[text] = time.monotonic()
        status, _ = server.ask("POST", "/api/v1/posts", token=tokens[len(sent) % len(tokens)], body={"text": text})
        if status != 201:
            raise RuntimeError(f"posting was answered with {status}")
        time.sleep(_PAUSE)
    time.sleep(2)
    lost = [text for text in sent if text not in listener.arrived]
    if lost:
        print(f"  {len(lost)} of {len(sent)} did not arrive within two seconds")
    return sorted((listener.arrived[text] - sent[text]) * 1000 for text in sent if text in listener.arrived)


def _say(name: str, times: list[float]) -> None:
    p95 = times[int(len(times) * 0.95) - 1]
    print(f"{name:32} n={len(times):4}  p50 {statistics.median(times):7.1f}  p95 {p95:7.1f}  max {times[-1]:7.1f} ms")


def main(arguments: list[str]) -> int:
    """Print the two lines."""
    parser = argparse.ArgumentParser(prog="script/bench live-latency", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", nargs="?", type=Path, help="a data set that is imported meanwhile; else quiet alone")
    corpus = parser.parse_args(arguments).corpus
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "data") as server:
        # Many authors, since nobody alone may post this often.
        authors = [server.member(f"author{number}") for number in range(_AUTHORS)]
        listener = Listener()
        listener.listen(server, server.member("bob"))
        _say("quiet", _measure(server, authors, listener, posts=_QUIET_POSTS, done=threading.Event()))
        if corpus is None:
            print("no corpus given: the busy half is left out")
        else:
            _while_importing(server, authors, listener, corpus)
        listener.client.disconnect()
    return 0


def _while_importing(server: Server, authors: list[str], listener: Listener, corpus: Path) -> None:
    done = threading.Event()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "import", "jsonl", str(corpus)]
    began = time.monotonic()

    def run() -> None:
        environment = {**os.environ, "COUTH_DATA": str(server.data)}
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 (our own)
        done.set()

    importer = threading.Thread(target=run)
    importer.start()
    times = _measure(server, authors, listener, posts=100_000, done=done)
    importer.join()
    _say(f"while importing ({time.monotonic() - began:.0f} s)", times)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
