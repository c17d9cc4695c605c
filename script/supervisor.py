"""Keeps web and worker running: its direct children, started again when they die, stopped with it."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from script.bootstrap.console import SetupError, say

LOOK_EVERY = 0.1  # seconds
STEADY_AFTER = 30.0  # a child that ran this long has recovered: its next fall starts the waiting afresh
LONGEST_WAIT = 30.0
PATIENCE = 8.0  # seconds that a child gets to end by itself
FALLS_BEFORE_GIVING_UP = (
    3  # only before the address was ever reachable: then something is wrong that waiting won't cure
)
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """``settings`` are the child's own, over everybody's environment."""

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Child:
    """One kept process, and how often it fell lately."""

    plan: ChildCommand
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Stop:
    """Set by the first Ctrl-C or termination signal; a second one ends the patience."""

    asked: threading.Event = field(default_factory=threading.Event)
    is_urgent: bool = False

    def on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_urgent = self.asked.is_set()
        self.asked.set()


def supervise(
    plans: Sequence[ChildCommand],
    *,
    folder: Path,
    environment: Mapping[str, str],
    lock: Path,
    is_ready: Callable[[], bool],
    announcement: str,
) -> int:
    """Run until told to stop, then return the exit code; the announcement waits until is_ready."""
    stop = Stop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop.on_signal)
    with holding(lock):
        children = [Child(plan) for plan in plans]
        is_told = False
        try:
            while not stop.asked.is_set():
                for child in children:
                    _keep_running(child, folder=folder, environment=environment)
                if not is_told:
                    is_told = is_ready()
                    if is_told:
                        say(announcement)
                    elif any(child.falls >= FALLS_BEFORE_GIVING_UP for child in children):
                        raise SetupError("Couth could not start: what its processes said stands above.")
                stop.asked.wait(LOOK_EVERY)
        finally:
            _stop_all(children, stop)
    say("Couth has stopped.")
    return 0


@contextmanager
def holding(lock: Path) -> Iterator[IO[str]]:
    """Mark the data folder as served by this process: nothing else may serve or replace it meanwhile."""
    with lock.open("a+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetupError(
                f"{lock.parent} is being served already: stop that server, or give this one its own --data."
            ) from error
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield held


def _keep_running(child: Child, *, folder: Path, environment: Mapping[str, str]) -> None:
    now = time.monotonic()
    if child.process is not None:
        code = child.process.poll()
        if code is None:
            return
        child.falls = 1 if now - child.started > STEADY_AFTER else child.falls + 1
        # The first fall costs no wait: people are reading.
        wait = 0.0 if child.falls == 1 else min(0.5 * 2 ** (child.falls - 2), LONGEST_WAIT)
        child.process, child.due = None, now + wait
        print(
            f"{child.plan.name} ended ({_ending(code)}); starting it again in {wait:.1f} s",
            file=sys.stderr,
            flush=True,
        )
    if now >= child.due:
        child.started = now
        child.process = subprocess.Popen(
            child.plan.command,
            cwd=folder,
            env={**environment, **child.plan.settings},
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches the supervisor alone, which then stops its children in good order.
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
        )


def _end_with_parent() -> None:
    """On Linux, let the kernel stop a child whose supervisor was killed outright: it would hold the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _stop_all(children: Sequence[Child], stop: Stop) -> None:
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    while any(process.poll() is None for process in running):
        if stop.is_urgent or time.monotonic() > deadline:
            for process in running:
                process.kill()
        time.sleep(LOOK_EVERY / 2)
