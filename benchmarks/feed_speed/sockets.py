"""Many open pages in one process: raw WebSockets that note when each measured post reached them.

Run as ``python -m benchmarks.feed_speed.sockets COUNT PORT…``: prints ``ready``, listens until its input ends, and then
prints one JSON object: ``arrivals``, a ``[mark, socket, moment]`` for each (CLOCK_MONOTONIC, the same everywhere),
and ``broken``, a ``[socket, moment, why]`` for each line that did not stay open.
"""

import json
import re
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import websocket

from benchmarks.feed_speed.company import token_of
from intranet.config import ROOT

Arrival = tuple[str, int, float]
"""The mark of a post, the number of the socket's person, and when it came."""

_MARK = re.compile(rb"measured (\d+)")


@dataclass(slots=True)
class _Line:
    """One page's line. What comes is taken apart here: the library's reading costs more than our sending."""

    client: Any
    taken: bytearray = field(default_factory=bytearray)

    def texts(self) -> Iterator[bytes]:
        """What has come and is complete, without waiting; answers pings.

        Raises:
            OSError: the server closed the line.
        """
        came = self.client.sock.recv(65_536)
        if not came:
            raise ConnectionResetError("closed by the server")
        self.taken += came
        while (text := self._frame()) is not None:
            if text == b"2":
                self.client.send("3")
            yield text

    def _frame(self) -> bytes | None:
        """RFC 6455, section 5.2: servers do not mask, and ours sends each text whole."""
        if len(self.taken) < 2:
            return None
        length, start = self.taken[1], 2
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(self.taken[2:start]) if len(self.taken) >= start else 0
        if len(self.taken) < start + length:
            return None
        text = bytes(self.taken[start : start + length])
        del self.taken[: start + length]
        return text


def open_line(port: int, number: int) -> _Line:
    """A page of the person with a number, connected to the live line."""
    client = websocket.create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=60)
    client.recv()
    client.send("40" + json.dumps({"token": token_of(number)}))
    answer = str(client.recv())
    if not answer.startswith("40"):
        raise RuntimeError(f"the live line refused: {answer}")
    return _Line(client)


@dataclass(slots=True)
class OpenPages:
    """What they have heard; complete once their block has been left."""

    arrivals: list[Arrival] = field(default_factory=list)
    broken: list[tuple[int, float, str]] = field(default_factory=list)


@contextmanager
def open_pages(ports: Sequence[int], count: int) -> Iterator[OpenPages]:
    """So many pages, shared evenly between the ports, until the block ends.

    Raises:
        RuntimeError: one of them was refused.
    """
    command = [sys.executable, "-m", __name__, str(count), *map(str, ports)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 (our own interpreter and program, no shell)
        command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True
    ) as process:
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise RuntimeError("the sockets did not open")
        pages = OpenPages()
        yield pages
        told = json.loads(process.communicate("")[0])
        pages.arrivals += [(mark, number, moment) for mark, number, moment in told["arrivals"]]
        pages.broken += [(number, moment, why) for number, moment, why in told["broken"]]


def listen(lines: list[_Line], ended: threading.Event) -> OpenPages:
    """Read all lines until ``ended``; notes marks."""
    pages = OpenPages()
    waiting = selectors.DefaultSelector()
    for number, line in enumerate(lines):
        waiting.register(line.client.sock, selectors.EVENT_READ, (number, line))
    while not ended.is_set():
        for key, _events in waiting.select(timeout=0.2):
            number, line = key.data
            try:
                for text in line.texts():
                    if (found := _MARK.search(text)) and b"post.published" in text:
                        pages.arrivals.append((found[1].decode(), number, time.monotonic()))
            except OSError as error:
                pages.broken.append((number, time.monotonic(), repr(error)))
                waiting.unregister(key.fileobj)
    return pages


def _wait(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def main(arguments: list[str]) -> int:
    """Open the lines, say so, listen, tell."""
    count, *ports = (int(argument) for argument in arguments)
    lines = [open_line(ports[number % len(ports)], number) for number in range(count)]
    ended = threading.Event()
    print("ready", flush=True)
    threading.Thread(target=_wait, args=(ended,), daemon=True).start()
    print(json.dumps(asdict(listen(lines, ended))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
