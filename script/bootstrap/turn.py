"""Two programs started together take turns at set-up instead of writing into one folder at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from script.bootstrap.console import say
from script.bootstrap.places import CACHE


@contextmanager
def one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is running here; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
