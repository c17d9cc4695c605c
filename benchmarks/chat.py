"""Chat over real websockets: send to receipt in a room of 32 and with 1,000 connections, CPU a message, memory a line.

The clients are in this process, the server in its own; CPU is that of web and worker together.
"""

import argparse
import importlib.util
import os
import selectors
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.chatting import Line, members, open_room
from tests.faults.running import Server, running_server

_TICK = os.sysconf("SC_CLK_TCK")
_SMALL, _LARGE, _CROWD = 32, 100, 1_000
_MODES = ("eventlet", "gevent", "threading")
_MESSAGES, _RATE = 200, 10.0
_LARGE_MESSAGES, _LARGE_RATE = 300, 20.0


@dataclass
class Crowd:
    """Many open lines, read by one thread. ``arrived`` is when each line had each text."""

    lines: list[Line] = field(default_factory=list)
    arrived: dict[str, list[float]] = field(default_factory=dict)
    ready: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def join(self, line: Line) -> None:
        self.lines.append(line)
        self.ready.register(line.number, selectors.EVENT_READ, line)

    def listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in self.ready.select(left):
                said = key.data.next(5)
                if said is not None and said[0] == "event" and said[1]["type"] == "message.sent":
                    self.arrived.setdefault(said[1]["data"]["text"], []).append(time.monotonic())


def cpu(server: Server, name: str) -> float:
    """Seconds of CPU that web or worker has used, with all its threads."""
    parts = Path(f"/proc/{server.child(name)}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / _TICK


def memory(server: Server) -> int:
    """Resident bytes of the web process."""
    pages = int(Path(f"/proc/{server.child('web')}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def talk(crowd: Crowd, senders: list[Line], room: str, *, count: int, rate: float) -> list[float]:
    """Send so many messages at a rate; milliseconds from each sending to each receipt."""
    sent: dict[str, float] = {}
    began = time.monotonic()
    for number in range(count):
        text = f"measured {time.monotonic_ns()}"
        sent[text] = time.monotonic()
        senders[number % len(senders)].call("chat:send", {"conversation": room, "text": text, "nonce": text})
        crowd.listen(began + (number + 1) / rate - time.monotonic())
    crowd.listen(3)
    return sorted((at - sent[text]) * 1000 for text in sent for at in crowd.arrived.get(text, []))


def say(name: str, times: list[float], *, wanted: int) -> None:
    if not times:
        print(f"  {name:34} nothing arrived")
        return
    p95 = times[int(len(times) * 0.95) - 1]
    p50 = statistics.median(times)
    print(f"  {name:34} p50 {p50:7.1f}  p95 {p95:7.1f}  max {times[-1]:7.1f} ms  {len(times)} of {wanted} receipts")


def measure(mode: str, crowd_size: int) -> None:
    """All figures in one mode."""
    os.environ["COUTH_ASYNC_MODE"] = mode
    print(f"{mode}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "data") as server:
        names = [f"member{number}" for number in range(crowd_size)]
        tokens = members(server, names)
        crowd = Crowd()
        small = open_room(server, tokens[names[0]], "small", names[1:_SMALL])
        lines = [Line(server.port, tokens[name]) for name in names[:_SMALL]]
        for line in lines:
            crowd.join(line)
        talk(crowd, lines, small, count=20, rate=_RATE)
        before = {name: cpu(server, name) for name in ("web", "worker")}
        times = talk(crowd, lines, small, count=_MESSAGES, rate=_RATE)
        used = {name: (cpu(server, name) - seconds) * 1000 / _MESSAGES for name, seconds in before.items()}
        say(f"{_SMALL} in a room, {_RATE:.0f} a second", times, wanted=_SMALL * _MESSAGES)
        parts = ", ".join(f"{name} {spent:.1f}" for name, spent in used.items())
        print(f"  CPU of all processes               {sum(used.values()):.1f} ms a message ({parts})")
        with_crowd(server, crowd, lines, tokens, crowd_size)
        for line in crowd.lines:
            line.end()


def with_crowd(server: Server, crowd: Crowd, lines: list[Line], tokens: dict[str, str], size: int) -> None:
    """The large room while a thousand are connected."""
    names, before, held = list(tokens), memory(server), len(lines)
    for number in range(held, size):
        crowd.join(Line(server.port, tokens[names[number]]))
        if number % 20 == 0:
            crowd.listen(0.01)
    grown = (memory(server) - before) / max(1, size - held) / 1000
    print(f"  memory a connection                {grown:.0f} kB ({size} connected)")
    large = open_room(server, tokens[names[0]], "large", names[1:_LARGE])
    crowd.listen(2)
    crowd.arrived.clear()
    times = talk(crowd, lines, large, count=_LARGE_MESSAGES, rate=_LARGE_RATE)
    say(f"{_LARGE} in a room, {_LARGE_RATE:.0f} a second", times, wanted=_LARGE * _LARGE_MESSAGES)


def main(arguments: list[str]) -> int:
    """Print the figures of each mode."""
    parser = argparse.ArgumentParser(prog="script/bench chat", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("mode", nargs="*", type=_mode, help=f"{', '.join(_MODES)}; by default all that are installed")
    for mode in parser.parse_args(arguments).mode or filter(_is_installed, _MODES):
        # A thread for each connection: a thousand of them is not how that mode is meant.
        measure(mode, _CROWD if mode != "threading" else 200)
    return 0


def _mode(word: str) -> str:
    if word not in _MODES or not _is_installed(word):
        raise argparse.ArgumentTypeError(f"{word} is no mode, or not installed here (one of {', '.join(_MODES)})")
    return word


def _is_installed(mode: str) -> bool:
    return mode == "threading" or importlib.util.find_spec(mode) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
