"""Which of several workers reads the outbox: the one that holds a lock which nobody has to give back.

A file lock in the data folder beside SQLite, a session's advisory lock on PostgreSQL: both end with whoever held them,
however that ended, and a worker that stood by goes on.
"""

import fcntl
import logging
import os
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from intranet.kernel.db import Database

log = logging.getLogger(__name__)

_KEY = 20261123  # beside the outbox's own advisory lock


class Lead:
    """This process's claim to be the one."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._file = database, folder / "worker.lock"
        self._held_file: int | None = None
        self._connection: Connection | None = None
        self._is_told = False

    def is_ours(self) -> bool:
        """Whether this process leads now; asks for it where nobody does. Costs next to nothing."""
        is_ours = self._holds_file() if self._database.is_sqlite else self._holds_advisory_lock()
        if not is_ours and not self._is_told:
            log.warning("another worker is at work here: standing by until it ends")
        self._is_told = not is_ours
        return is_ours

    def _holds_file(self) -> bool:
        if self._held_file is None:
            opened = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(opened)
                return False
            self._held_file = opened
        return True

    def _holds_advisory_lock(self) -> bool:
        """A session holds it: as long as the connection lives, the lock is ours."""
        try:
            if self._connection is not None:
                self._connection.scalar(select(1))
                return True
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(select(func.pg_try_advisory_lock(_KEY))):
                self._connection = connection
                return True
            connection.close()
        except DBAPIError:
            self.resign()
        return False

    def resign(self) -> None:
        """Let another one lead."""
        if self._held_file is not None:
            os.close(self._held_file)
            self._held_file = None
        if self._connection is not None:
            self._connection.invalidate()  # back in the pool it would keep the lock
            self._connection.close()
            self._connection = None
