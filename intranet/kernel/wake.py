"""Telling a drainer that something was committed, by this process or another.

On SQLite every commit with events rings the bells beside the file, on PostgreSQL it notifies whoever listens.
"""

import logging
import time
from typing import TYPE_CHECKING, Protocol

from intranet.kernel.db import Database
from intranet.kernel.outbox import CHANNEL

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)


class Waker(Protocol):
    """Waits for the next commit."""

    def wait(self, seconds: float) -> bool:
        """Sleep until a commit, at most ``seconds``; True if there was one."""


def waker_for(database: Database) -> Waker:
    return database.bells.hang() if database.bells else Listening(database)


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
            self.close()
            time.sleep(min(seconds, 1.0))
            return True

    def close(self) -> None:
        """Listen no more, until the next wait."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
