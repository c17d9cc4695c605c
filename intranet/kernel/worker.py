"""The worker's loop: outbox subscribers, jobs that are due, and what features do beside them."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from intranet.kernel import idempotency, jobs, memory, outbox, ratelimit
from intranet.kernel.leading import Lead
from intranet.kernel.runtime import runtime, settle
from intranet.kernel.wake import waker_for

log = logging.getLogger(__name__)

Chore = Callable[[Flask], bool | None]

_ASIDE = 4  # slow jobs at a time
_CURSORS_EVERY = 5.0
_GATHER = 0.2  # from the first commit on: what comes in a lively moment is done together
HOST = socket.gethostname()[:80]
_ANY_HOST = "*"  # what subscribers change is the same for all hosts: one cursor each, wherever the worker runs
_chores: dict[Chore, float] = {}
_everywhere: set[Chore] = set()


def each_turn(chore: Chore, *, every: float, everywhere: bool = False) -> None:
    """Have ``chore(app)`` run beside the draining, once in ``every`` seconds: by the worker that leads, or
    ``everywhere`` (writing this host's index segments, say).

    It must return quickly when idle, with True where it has more to do: then it runs again at the next turn.
    """
    _chores[chore] = every
    if everywhere:
        _everywhere.add(chore)


class Worker:
    """One process's work. What waits for other machines goes ``aside``, or without it is done in place.

    Any number of workers share the jobs; the outbox is read by the one that leads, and the others stand by.
    """

    def __init__(self, app: Flask, *, aside: jobs.Aside | None = None) -> None:
        self.app, self.aside = app, aside
        self.database = runtime(app).database
        self._lead = Lead(self.database, runtime(app).settings.data)
        self._drainer: outbox.Drainer | None = None
        self._chores: dict[Chore, float] = {**_chores, self._save_cursors: _CURSORS_EVERY}
        self._due = dict.fromkeys(self._chores, 0.0)

    def turn(self) -> int:
        """One round of everything; returns how much there was to do."""
        leads = self._lead.is_ours()
        done = self._drain(leads=leads) + jobs.run_due(self.database, aside=self.aside)
        due = [chore for chore in self._chores if self._due[chore] <= time.monotonic()]
        return done + sum(self._do(chore) for chore in due if leads or chore in _everywhere)

    def _drain(self, *, leads: bool) -> int:
        if not leads:
            self._drainer = None  # by the time it leads, others have moved the cursors
            return 0
        if self._drainer is None:
            self._drainer = outbox.Drainer(self.database, _ANY_HOST, outbox.subscribers())
        return self._drainer.step()

    def end(self) -> None:
        """Let another worker lead."""
        self._lead.resign()

    def _do(self, chore: Chore) -> bool:
        has_more = bool(chore(self.app))
        self._due[chore] = 0.0 if has_more else time.monotonic() + self._chores[chore]
        return has_more

    def _save_cursors(self, _app: Flask) -> None:
        if self._drainer is not None:
            self._drainer.save()


def run(app: Flask, stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    waker = waker_for(runtime(app).database)
    pool = ThreadPoolExecutor(_ASIDE, thread_name_prefix="aside")

    def inside(work: Callable[[], None]) -> None:
        with app.app_context():
            work()

    def aside(work: Callable[[], None]) -> None:
        pool.submit(inside, work)

    with app.app_context():
        jobs.schedule_repeating(runtime(app).database)
        worker = Worker(app, aside=aside)
        settle()
        while not stop.is_set():
            try:
                busy = worker.turn()
            except Exception:
                log.exception("the worker stumbled; going on")
                busy = 0
                time.sleep(1)
            if not busy and waker.wait(0.5):
                stop.wait(_GATHER)
        worker.end()
    pool.shutdown(wait=False, cancel_futures=True)  # what is cut off here begins again after its lease


def _set_clocks_right(app: Flask) -> None:
    """See that nothing waits for a time that a wrong clock named."""
    jobs.set_right(runtime(app).database)


each_turn(_set_clocks_right, every=60.0)


def _give_back(_app: Flask) -> None:
    memory.give_back()


each_turn(_give_back, every=memory.EVERY, everywhere=True)


@jobs.job("kernel.prune", every=timedelta(hours=6))
def _prune(session: Session, _payload: dict[str, Any]) -> None:
    outbox.prune(session)
    idempotency.prune(session)
    ratelimit.prune(session)
