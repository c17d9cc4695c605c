"""The worker's loop: outbox subscribers, jobs that are due, and what features do at every turn."""

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

from intranet.kernel import idempotency, jobs, outbox, ratelimit
from intranet.kernel.runtime import runtime
from intranet.kernel.wake import Waker

log = logging.getLogger(__name__)

_ASIDE = 4  # slow jobs at a time
HOST = socket.gethostname()[:80]
_turns: list[Callable[[Flask], None]] = []


def each_turn(work: Callable[[Flask], None]) -> None:
    """Have ``work(app)`` run after every drain (write index segments, say). It must return quickly when idle."""
    if work not in _turns:
        _turns.append(work)


def turn(app: Flask, *, aside: jobs.Aside | None = None) -> int:
    """One round of everything; returns how much there was to do. What waits for other machines goes ``aside``."""
    database = runtime(app).database
    done = sum(_drain_fairly(app, subscriber) for subscriber in outbox.subscribers())
    done += jobs.run_due(database, aside=aside)
    for work in _turns:
        work(app)
    return done


def _drain_fairly(app: Flask, subscriber: str) -> int:
    try:
        return outbox.drain(runtime(app).database, subscriber, HOST)
    except Exception:
        log.exception("subscriber %s stumbled; going on with the others", subscriber)
        return 0


def run(app: Flask, stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    waker = Waker(runtime(app).database)
    pool = ThreadPoolExecutor(_ASIDE, thread_name_prefix="aside")

    def inside(work: Callable[[], None]) -> None:
        with app.app_context():
            work()

    def aside(work: Callable[[], None]) -> None:
        pool.submit(inside, work)

    with app.app_context():
        jobs.schedule_repeating(runtime(app).database)
        while not stop.is_set():
            try:
                busy = turn(app, aside=aside)
            except Exception:
                log.exception("the worker stumbled; going on")
                busy = 0
                time.sleep(1)
            if not busy:
                waker.wait(0.5)
    pool.shutdown(wait=False, cancel_futures=True)  # what is cut off here begins again after its lease


@jobs.job("kernel.prune", every=timedelta(hours=6))
def _prune(session: Session, _payload: dict[str, Any]) -> None:
    outbox.prune(session)
    idempotency.prune(session)
    ratelimit.prune(session)
