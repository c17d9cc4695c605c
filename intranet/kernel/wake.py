"""Telling a drainer that something was committed, by this process or another.

Within a process an event is set at once; between processes SQLite's ``data_version`` is looked at every 25 ms, which
costs some microseconds. On other databases the newest outbox id is asked for.
"""

import threading
import time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intranet.kernel.db import Database
from intranet.kernel.outbox import OutboxEvent
from intranet.kernel.viewer import system

_TICK = 0.025


class Waker:
    """Waits for the next commit."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._woken = threading.Event()
        database.wakers.append(self.wake)
        # Looked at forty times a second, so without what the pool would put around it.
        self._connection = database.engine.raw_connection().driver_connection if database.is_sqlite else None
        self._seen = self._version()

    def wake(self) -> None:
        """Something was committed in this process."""
        self._woken.set()

    def wait(self, seconds: float) -> bool:
        """Sleep until a commit, at most ``seconds``; True if there was one."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            is_woken = self._woken.wait(min(_TICK, left))
            version = self._version()
            if is_woken or version != self._seen:
                self._woken.clear()
                self._seen = version
                return True
        return False

    def _version(self) -> int:
        if self._connection is not None:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        with Session(self.database.engine, info={"viewer": system(reason="wake: newest event")}) as session:
            return session.scalar(select(func.max(OutboxEvent.id))) or 0
