"""How often something may be done: counters in the database, so that they hold across processes and restarts.

A fixed window per key. The counter is written in a transaction of its own, before the work, so that a refused attempt
counts although its work is rolled back. It does not wait for the disk: who outlives a power cut may begin anew.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, and_, bindparam, case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from intranet.kernel import clock
from intranet.kernel.db import Base, Database
from intranet.kernel.errors import TooFast
from intranet.kernel.tables import UtcDateTime
from intranet.kernel.viewer import system


class RateWindow(Base):
    """How often a key was used since ``began_at``."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


def limit(database: Database, key: str, *, most: int, per: timedelta) -> None:
    """Count one use of ``key`` (``"sign-in:ada:10.0.0.7"``). Call it from ``prepare``, outside any transaction.

    Raises:
        TooFast: ``key`` was used ``most`` times in this window already.
    """
    wait = database.transact(
        system(reason="rate limits are nobody's rows"),
        lambda session: _count(session, key, most, per),
        is_lasting=False,
    )
    if wait is not None:
        raise TooFast(wait)


def is_first_use(session: Session, key: str, *, per: timedelta) -> bool:
    """Count one use of what counts but once, together with what it does: cut off before the commit, it is unused."""
    return _count(session, key, 1, per) is None


def give_back(database: Database, key: str) -> None:
    """Take one use off again: it turned out not to be what is limited (a right password, say)."""
    database.transact(system(reason="rate limits are nobody's rows"), lambda session: _uncount(session, key))


def _uncount(session: Session, key: str) -> None:
    window = session.get(RateWindow, hashlib.sha256(key.encode()).hexdigest())
    if window is not None:
        window.count = max(0, window.count - 1)


def _one_more(insert: Callable[..., Any]) -> Any:
    """Counts one where a window is open, and else opens one; it is not open where it began in the future: the clock was
    set back."""
    windows: Any = RateWindow.__table__
    now, until = bindparam("now", type_=UtcDateTime), bindparam("until", type_=UtcDateTime)
    fresh = insert(windows).values(key=bindparam("digest"), began_at=now, ends_at=until, count=1)
    is_open = and_(windows.c.began_at <= now, windows.c.ends_at > now)
    counted = {
        "began_at": case((is_open, windows.c.began_at), else_=now),
        "ends_at": case((is_open, windows.c.ends_at), else_=until),
        "count": case((is_open, windows.c.count + 1), else_=1),
    }
    upserted = fresh.on_conflict_do_update(index_elements=[windows.c.key], set_=counted)
    return upserted.returning(windows.c.count, windows.c.ends_at)


_ONE_MORE = {"sqlite": _one_more(sqlite.insert), "postgresql": _one_more(postgresql.insert)}


def _count(session: Session, key: str, most: int, per: timedelta) -> float | None:
    digest, present = hashlib.sha256(key.encode()).hexdigest(), clock.now()
    connection = session.connection()
    times = {"now": present, "until": present + per}
    count, ends_at = connection.execute(_ONE_MORE[connection.dialect.name], {"digest": digest, **times}).one()
    return (ends_at - present).total_seconds() if count > most else None


def prune(session: Session) -> None:
    """Forget windows that are over."""
    session.execute(delete(RateWindow).where(RateWindow.ends_at < clock.now()))
