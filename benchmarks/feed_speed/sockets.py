"""Many open pages in one process: raw WebSockets that note when each measured post reached them.

Run as ``python -m benchmarks.feed_speed.sockets PORT COUNT``: prints ``ready``, listens until its input ends, and then
prints one JSON list, the moments (CLOCK_MONOTONIC, the same for all processes) at which each post arrived, by its mark.
"""

import json
import re
import selectors
import sys
import threading
import time
from typing import Any

import websocket

from benchmarks.feed_speed.company import token_of

_MARK = re.compile(r"measured (\d+)")


def open_socket(port: int, number: int) -> Any:
    """A page of the person with a number, connected to the live line."""
    line = websocket.create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=60)
    line.recv()
    line.send("40" + json.dumps({"token": token_of(number)}))
    answer = str(line.recv())
    if not answer.startswith("40"):
        raise RuntimeError(f"the live line refused: {answer}")
    return line


def listen(lines: list[Any], ended: threading.Event) -> dict[str, list[float]]:
    """Read all lines until ``ended``; answers pings, notes marks."""
    arrived: dict[str, list[float]] = {}
    waiting = selectors.DefaultSelector()
    for line in lines:
        waiting.register(line.sock, selectors.EVENT_READ, line)
    while not ended.is_set():
        for key, _events in waiting.select(timeout=0.2):
            said = str(key.data.recv())
            moment = time.monotonic()
            if said == "2":
                key.data.send("3")
            elif (found := _MARK.search(said)) and "post.published" in said:
                arrived.setdefault(found[1], []).append(moment)
    return arrived


def _wait(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def main(arguments: list[str]) -> int:
    """Open the lines, say so, listen, tell."""
    port, count = (int(argument) for argument in arguments)
    lines = [open_socket(port, number) for number in range(count)]
    ended = threading.Event()
    print("ready", flush=True)
    threading.Thread(target=_wait, args=(ended,), daemon=True).start()
    print(json.dumps(listen(lines, ended)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
