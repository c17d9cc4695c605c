"""Eight clients that ask one thing again and again, and what it costs the processes that answer."""

import os
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

Ask = Callable[[HTTPConnection, int], HTTPResponse]

_CLIENTS, _REST = 8, 3.0
_RESTING = 0.1  # of a processor: servers that have just started are still at work, and nobody asked them
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: milliseconds of each request, and seconds of all of them and of CPU."""

    name: str
    times: list[float]
    seconds: float
    cpu: float

    def __str__(self) -> str:
        ordered = sorted(self.times)
        p95, p99 = (ordered[int(len(ordered) * share) - 1] for share in (0.95, 0.99))
        told = f"{self.name:<28} {len(ordered) / self.seconds:7.0f} a second  p50 {statistics.median(ordered):7.1f}"
        return f"{told}  p95 {p95:7.1f}  p99 {p99:7.1f} ms  CPU {self.cpu * 1000 / len(ordered):6.2f} ms a request"


@dataclass(slots=True)
class Load:
    """The clients, each with one line to one of the ports; ``cpu()`` is the seconds that the servers have used."""

    ports: Sequence[int]
    cpu: Callable[[], float]
    failed: list[str] = field(default_factory=list)

    def measure(self, name: str, ask: Ask, times: int, *, is_warmed: bool = True) -> Figure:
        """So many requests, after some that do not count unless each may be asked only once.

        Raises:
            RuntimeError: one was refused.
        """
        self._run(ask, 2 * _CLIENTS if is_warmed else 0)
        idle = self._idle()
        began, before = time.monotonic(), self.cpu()
        taken = self._run(ask, times)
        seconds = time.monotonic() - began
        time.sleep(_REST)  # until the worker has done its share
        used = self.cpu() - before - idle * (time.monotonic() - began)
        if self.failed:
            raise RuntimeError(f"{name}: {len(self.failed)} failed, the first with {self.failed[0]}")
        return Figure(name, taken, seconds, used)

    def _idle(self) -> float:
        """Seconds of CPU a second while nobody asks, once what came before is done with.

        Raises:
            RuntimeError: the servers do not come to rest.
        """
        for _ in range(10):
            before = self.cpu()
            time.sleep(_REST)
            idle = (self.cpu() - before) / _REST
            if idle < _RESTING:
                return idle
        raise RuntimeError(f"the servers are busy with {idle:.0%} of a processor while nobody asks")

    def _run(self, ask: Ask, times: int) -> list[float]:
        taken: list[float] = []
        numbers, lock = iter(range(times)), threading.Lock()

        def client(place: int) -> None:
            line = HTTPConnection("127.0.0.1", self.ports[place % len(self.ports)], timeout=60)
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

        clients = [threading.Thread(target=client, args=(place,)) for place in range(_CLIENTS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        return taken


def cpu_of(*roots: int) -> float:
    """Seconds of CPU that processes and their children have used, those that ended included."""
    found = 0
    for root in roots:
        for one in _tree(root):
            parts = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            found += sum(map(int, parts[11:15]))
    return found / _TICK


def memory_below(root: int) -> int:
    """Bytes that the children of a process hold, shared ones by their part (PSS)."""
    rolled = (Path(f"/proc/{one}/smaps_rollup").read_text() for one in _tree(root) if one != root)
    return sum(int(size) for text in rolled for size in re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)) * 1000


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _tree(int(child))
