"""How much memory a process holds, from the kernel's own account of it (Linux)."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

_LOOK_EVERY = 0.2


class Memory(NamedTuple):
    """In MB. `resident` counts mapped files as far as they are in memory; `proportional` shares what several
    processes map among them; `private` is what nobody else could use: the process's own, without the pages
    of files."""

    resident: float
    proportional: float
    private: float


def memory_of(process: int | str = "self") -> Memory:
    """Nothing for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return Memory(0, 0, 0)
    amounts = {name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(amounts.get("Rss", 0), amounts.get("Pss", 0), amounts.get("Anonymous", 0))


class Highest:
    """The most memory that a process and its children held while this was running, looked at five times a second.

    Counted proportionally, so that two processes that share pages count them once.
    """

    def __init__(self, process: int) -> None:
        self._process = process
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self.most = Memory(0, 0, 0)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            held = [memory_of(process) for process in family(self._process)]
            now = Memory(*(sum(values) for values in zip(*held, strict=True)))
            self.most = Memory(*map(max, self.most, now))


def family(process: int) -> Iterable[int]:
    """A process and all that it started, as far as they still run."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in children:
        yield from family(int(child))


def open_files() -> int:
    """Of this process: descriptors and mapped files, those included whose names are gone."""
    described = len(list(Path("/proc/self/fd").iterdir()))
    mapped = {line.split(maxsplit=5)[5] for line in Path("/proc/self/maps").read_text().splitlines() if " /" in line}
    return described + len(mapped)
