"""The database: one declarative base, one session per viewer, and the only commit in the product."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption

from intranet.kernel import apart, audience, doing
from intranet.kernel.bells import Bells
from intranet.kernel.errors import Conflict
from intranet.kernel.tables import Base, BigId, Identified, UtcDateTime
from intranet.kernel.viewer import Viewer

T = TypeVar("T")

RETRY_SECONDS = 5.0
WAKES = "wakes"
"""What a session's info holds where something waits for the worker, though nothing has happened."""
# PostgreSQL, in milliseconds: a lock that is waited for longer is a fault, and a forgotten transaction holds up others.
_PATIENCE = {"lock_timeout": 5_000, "statement_timeout": 60_000, "idle_in_transaction_session_timeout": 60_000}
# To plan what reads a page, or to compile it, takes longer than to run it: it is planned once for each connection and
# whatever its values, and a connection that knows the page's statements goes out again before others.
# Nothing may be written but in a transaction, which says so when it begins.
_WITH_POSTGRESQL = {
    **_PATIENCE,
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "default_transaction_read_only": "on",
}
_POOL = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_use_lifo": True}
_PREPARED_AT, _PREPARED_MOST = 2, 250  # psycopg's own bounds are the sixth time, and a hundred: fewer than we have
_LOST_RACES = {"40001", "40P01", "55P03"}  # serialization_failure, deadlock_detected, lock_not_available
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_UNAVAILABLE = {"08", "53", "57"}  # no connection; out of disk, memory or connections; shut down or cut off
# The web process may wait this long inside SQLite, where every socket stands still; longer waits happen outside.
_BUSY_MILLISECONDS = 20


class ReadOnly(Exception):
    """A session that was opened for reading tried to write: a fault in the code, never in the input."""


class NoViewer(Exception):
    """A session without a viewer was used: a fault in the code, never in the input."""


def viewer_of(session: Session) -> Viewer:
    """Whom this session reads for.

    Raises:
        NoViewer: the session was not opened by ``Database``.
    """
    viewer = session.info.get("viewer")
    if not isinstance(viewer, Viewer):
        raise NoViewer
    return viewer


class Database:
    """An engine and the two ways to a session: ``reading`` and ``unit_of_work``."""

    def __init__(self, url: str) -> None:
        self.engine = _open_engine(url)
        # What only reads sees the newest committed rows at each statement either way: a transaction around it would be
        # two more journeys to the server.
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = self.engine.execution_options(couth_write=True)
        self._hasty_writer = self._writer.execution_options(couth_hasty=True)
        file = self.engine.url.database if self.is_sqlite else None
        self.bells = Bells(Path(file).with_name("bells")) if file else None

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, viewer: Viewer) -> Iterator[Session]:
        """A session that may only read, for this viewer alone."""
        with Session(self._reader, info={"viewer": viewer, "read_only": True}, expire_on_commit=False) as session:
            yield session
            _end(session)

    @contextmanager
    def unit_of_work(self, viewer: Viewer, *, is_lasting: bool = True) -> Iterator[Session]:
        """One transaction for one viewer; recorded events are stored last, then it commits and wakes the drainers.

        What need not be ``is_lasting`` survives the end of the process, but does not wait for the disk: a power cut may
        undo it.
        """
        engine = self._writer if is_lasting else self._hasty_writer
        with Session(engine, info={"viewer": viewer}, expire_on_commit=False) as session:
            yield session
            session.flush()
            is_news = _store_events(session)
            session.info["is_committing"] = True
            _end(session)
        if self.bells and is_news:
            self.bells.ring()

    def transact(
        self,
        viewer: Viewer,
        action: Callable[[Session], T],
        *,
        keep: Callable[[T], bool] = lambda _result: True,
        seconds: float = RETRY_SECONDS,
        is_lasting: bool = True,
    ) -> T:
        """Run ``action`` in a unit of work; a lock, a lost race or a lost connection rolls back, waits outside and runs
        it again.

        A connection that is lost in the commit itself is an error: nobody knows whether the changes stayed.
        ``keep`` decides by the result whether the changes stay; ``is_lasting`` as for ``unit_of_work``.

        Raises:
            Conflict: a row that must be unique still collides at the second try.
        """
        deadline = time.monotonic() + seconds
        pause, collisions = 0.005, 0
        while True:
            info: dict[str, Any] = {}
            try:
                with self.unit_of_work(viewer, is_lasting=is_lasting) as session:
                    info = session.info
                    result = action(session)
                    if not keep(result):
                        start_over(session)
                    return result
            except IntegrityError as error:
                collisions += 1
                if collisions > 1:
                    raise Conflict from error
            except DBAPIError as error:
                is_undone = _is_lock(error) or (error.connection_invalidated and "is_committing" not in info)
                if not is_undone or time.monotonic() > deadline:
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 (spreads retries; no secret)
            pause = min(pause * 2, 0.2)


def _end(session: Session) -> None:
    """The only commit in the product. What only read ends so too: with a ROLLBACK, psycopg forgets every statement that
    it has prepared, and PostgreSQL plans each anew for the next reader."""
    session.commit()


def start_over(session: Session) -> None:
    """Take back what this session changed and recorded: a page that is shown again reads what is stored."""
    session.rollback()
    session.info.pop("events", None)


def is_passing(error: DBAPIError) -> bool:
    """Whether the database could not do now what it may do later: locked, out of room, or not to be reached."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in _PASSING
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state in _LOST_RACES or state[:2] in _UNAVAILABLE


def _is_lock(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


def _store_events(session: Session) -> bool:
    """Store what was recorded; says whether there is anything to wake the drainers for."""
    pending = session.info.pop("events", [])
    is_news = bool(pending) or WAKES in session.info
    if is_news and session.get_bind().dialect.name == "postgresql":
        # Sequence numbers are not commit-ordered by themselves: one lock, held to the commit, makes them so.
        # Whoever listens (see ``wake``) hears of it with the commit.
        lock = "pg_advisory_xact_lock(20261122), " if pending else ""
        session.connection().exec_driver_sql(f"SELECT {lock}pg_notify('couth_outbox', '')")
    session.bulk_save_objects(pending)
    return is_news


def _open_engine(url: str) -> Engine:
    # What people wrote must not stand in the text of an error, which goes to logs and to dead letters.
    discreet: dict[str, Any] = {"hide_parameters": True}
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith("sqlite"):
        settings = " ".join(f"-c {name}={value}" for name, value in _WITH_POSTGRESQL.items())
        may_write = {"postgresql_readonly": False}
        # Said, lest a server that keeps texts as something else answers in bytes before anybody can ask it.
        said = {"options": settings, "client_encoding": "utf8"}
        engine = create_engine(url, connect_args=said, execution_options=may_write, **_POOL, **discreet)
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "before_cursor_execute", doing.count_statement)
        return engine
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": _BUSY_MILLISECONDS / 1000}, pool_size=8, **discreet
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_cursor_execute", doing.count_statement)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.prepare_threshold, connection.prepared_max = _PREPARED_AT, _PREPARED_MOST


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to be IMMEDIATE
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("couth_write", False):
        # A setting of the connection, which the transaction that begins now keeps to.
        synchronous = "NORMAL" if options.get("couth_hasty", False) else "FULL"
        connection.connection.cursor().execute(f"PRAGMA synchronous={synchronous}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # takes no lock, so nothing can be wrong with it, and the short way costs a tenth
        connection.connection.cursor().execute("BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("couth_hasty", False):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")


KEPT = "couth_kept"
"""The execution option of a statement of entities that is made once and run for everybody; see also ``prepared``."""


class Guard(Enum):
    """Which filters hold for a viewer."""

    SYSTEM = "none"
    SIGNED_OUT = "nothing may be read"
    AUDIENCE = "what the viewer's audiences may read, whoever wrote it"
    APART = "the same, without those from whom the viewer keeps apart"


def guard_of(viewer: Viewer) -> Guard:
    """Which filters every statement of this viewer's sessions carries."""
    if viewer.is_system:
        return Guard.SYSTEM
    if viewer.id is None:
        return Guard.SIGNED_OUT
    return Guard.APART if apart.blocks_hold(viewer) else Guard.AUDIENCE


@lru_cache(maxsize=4096)
def filters(guard: Guard, viewer_id: Any) -> tuple[LoaderCriteriaOption, ...]:
    """The filters themselves, for the id of the viewer or a place for it. Making them costs as much as running a small
    statement, and they depend on who is asking alone: what the filters select is looked up each time."""
    if guard is Guard.SYSTEM:
        return ()
    if guard is Guard.APART:
        return audience.readable_by(viewer_id), apart.met_by(viewer_id)
    return (audience.readable_by(viewer_id),)


@lru_cache(maxsize=4096)
def _kept_for(statement: Any, viewer: Viewer) -> Any:
    """A kept statement with a viewer's filters: with the same object SQLAlchemy need not find out again what it is."""
    return statement.options(*filters(guard_of(viewer), viewer.id))


@event.listens_for(Session, "do_orm_execute")
def _guard(state: ORMExecuteState) -> None:
    viewer = viewer_of(state.session)
    if state.session.info.get("read_only") and not state.is_select:
        raise ReadOnly
    if state.execution_options.get(KEPT, False):
        state.statement = _kept_for(state.statement, viewer)
    elif guard := filters(guard_of(viewer), viewer.id):
        state.statement = state.statement.options(*guard)


@event.listens_for(Session, "before_flush")
def _refuse_writes(session: Session, _context: object, _instances: object) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise ReadOnly


__all__ = [
    "Base",
    "BigId",
    "Database",
    "Guard",
    "Identified",
    "NoViewer",
    "ReadOnly",
    "Session",
    "UtcDateTime",
    "filters",
    "guard_of",
    "viewer_of",
]
