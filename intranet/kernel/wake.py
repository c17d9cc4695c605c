"""Telling a drainer that something was committed, by this process or another.

On SQLite an event is set within the process, and ``data_version`` is looked at every 25 ms for the others, which costs
some microseconds. On PostgreSQL every commit with events notifies whoever listens.
"""

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from intranet.kernel.db import Database
from intranet.kernel.outbox import CHANNEL

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

_TICK = 0.025


class Waker(Protocol):
    """Waits for the next commit."""

    def wait(self, seconds: float) -> bool:
        """Sleep until a commit, at most ``seconds``; True if there was one."""


def waker_for(database: Database) -> Waker:
    return Watching(database) if database.is_sqlite else Listening(database)


class Watching:
    """Looks at SQLite's count of commits."""

    def __init__(self, database: Database) -> None:
        self._woken = threading.Event()
        database.wakers.append(self._woken.set)
        self._borrowed = database.engine.raw_connection()  # let go of it, and the pool gives it to somebody else
        # Looked at forty times a second, so without what the pool puts around it.
        self._connection: Any = self._borrowed.driver_connection
        self._seen = self._version()

    def wait(self, seconds: float) -> bool:
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
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


class Listening:
    """Listens to PostgreSQL on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> bool:
        import psycopg  # noqa: PLC0415 (4 MB, where there is PostgreSQL)

        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._address, autocommit=True)
                self._connection.execute(f"LISTEN {CHANNEL}")
                return True  # what was committed before anybody listened
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.OperationalError as error:
            log.warning("no word from PostgreSQL: trying again", exc_info=error)
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            time.sleep(min(seconds, 1.0))
            return True
