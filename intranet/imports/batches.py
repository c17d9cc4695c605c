"""Writing in short transactions with a pause after each, so that people can post while an import runs."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy.orm import Session

from intranet.kernel.db import Database
from intranet.kernel.viewer import system

T = TypeVar("T")

VIEWER = system(reason="import: an operator takes in what another system holds, closed groups included")
_GOAL_SECONDS = 0.015
_PAUSE_SECONDS = 0.003
_PATIENCE_SECONDS = 60.0


class Pace:
    """How many rows go into the next transaction, learnt from how long the last ones took."""

    def __init__(self, database: Database, *, size: int = 100, least: int = 50, most: int = 400) -> None:
        self.database = database
        self.size = size
        self.least = least  # a busy machine makes every batch slow: smaller ones would only add overhead
        self.most = most

    def write(self, action: Callable[[Session], T]) -> T:
        """Run one batch, note how long it held the lock, and let others have a turn."""
        seconds = 0.0

        def timed(session: Session) -> T:
            nonlocal seconds
            began = time.perf_counter()
            result = action(session)
            session.flush()
            seconds = time.perf_counter() - began
            return result

        result = self.database.transact(VIEWER, timed, seconds=_PATIENCE_SECONDS)
        factor = min(1.5, max(0.5, _GOAL_SECONDS / max(seconds, 0.0001)))
        self.size = min(self.most, max(self.least, round(self.size * factor)))
        time.sleep(_PAUSE_SECONDS)
        return result

    def reading(self) -> AbstractContextManager[Session]:
        """A session that sees every row and writes nothing."""
        return self.database.reading(VIEWER)
