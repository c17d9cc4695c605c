"""What is stored: the database, how far everybody has read what happened, what was given up, the index."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intranet.accounts.factors.queries import unreadable
from intranet.config import Settings
from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from intranet.operations import health
from intranet.operations.copying import sqlite_file
from intranet.operations.doctor.finding import Finding
from intranet.operations.heartbeat import OVERDUE
from intranet.operations.migrating import CannotMigrate, newest_revision, require_known, revision_of
from intranet.search.index import index_of

STALE = 300.0  # seconds that the stored index may lie behind while a worker lives
LATE = 600.0  # seconds that a job may wait for its turn


def look(settings: Settings, database: Database) -> Iterator[Finding]:
    """Stops where the database can't be read."""
    yield _integrity(settings)
    try:
        yield _revision(database)
        with database.reading(system(reason="operations: doctor")) as session:
            yield from [one(session) for one in LOOKS]
        yield _segments()
        with database.reading(system(reason="operations: doctor, the index")) as session:
            yield _age(session, index_of().health().watermark)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error))
        remedy = "see that COUTH_DATABASE_URL is right and its server runs; then script/server"
        yield Finding("database", reason, remedy)


def _integrity(settings: Settings) -> Finding:
    file = sqlite_file(settings.database)
    if file is None:
        return Finding("database file", "kept by a database server")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            answers = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.Error as error:
        answers = [str(error)]
    is_whole = answers == ["ok"]
    remedy = "" if is_whole else "stop the server, then: flask --app wsgi restore FILE with the newest backup"
    return Finding("database file", "whole" if is_whole else answers[0], remedy)


def _revision(database: Database) -> Finding:
    with database.engine.connect() as connection:
        current = revision_of(connection)
    try:
        require_known(current)
    except CannotMigrate as error:
        return Finding("revision", f"{current}", str(error))
    is_newest = current == newest_revision()
    return Finding("revision", f"{current or 'none'}", "" if is_newest else "start script/server, which migrates")


def _worker(session: Session) -> Finding:
    age = health.seconds_since_beat(session)
    state = "never seen" if age is None else f"last seen {age:.0f} s ago"
    is_fresh = age is not None and age < OVERDUE.total_seconds()
    return Finding("worker", state, "" if is_fresh else "start script/server, or flask --app wsgi worker")


def _backlogs(session: Session) -> Finding:
    late = [f"{lag.subscriber} by {lag.events}" for lag in health.backlogs(session) if lag.events > health.MUCH]
    remedy = "wait while the worker is busy; if the number grows, read what the worker prints" if late else ""
    return Finding("events", f"behind: {', '.join(late)}" if late else "all read", remedy)


def _jobs(session: Session) -> Finding:
    late = [f"{it.count} {it.kind} for {it.seconds / 60:.0f} min" for it in health.queues(session) if it.seconds > LATE]
    remedy = "see that the worker runs (flask --app wsgi worker) and read what it prints" if late else ""
    return Finding("jobs", f"waiting: {', '.join(late)}" if late else "none waits", remedy)


def _parked(session: Session) -> Finding:
    """Events that a subscriber could not take."""
    count = health.dead_letters(session)
    remedy = (
        "flask --app wsgi events parked shows why; then events retry, or Administration, Undelivered" if count else ""
    )
    return Finding("parked events", f"{count}", remedy)


def _given_up(session: Session) -> Finding:
    count = health.failed_jobs(session)
    return Finding("given up", f"{count} jobs", "see Administration, Undelivered, for the reasons" if count else "")


def _factors(session: Session) -> Finding:
    """A secret key that was replaced opens nothing that was sealed before."""
    count = unreadable(session)
    remedy = (
        "put the earlier key back (COUTH_SECRET_KEY, or secret_key in the data folder, from a backup) and restart; "
        "where it is lost, those people come in with a recovery code or a passkey and replace their authenticator "
        "under Settings, Security, or an administrator resets it: flask --app wsgi people reset-factor NAME"
    )
    state = f"{count} cannot be opened with this secret key" if count else "open with this secret key"
    return Finding("authenticators", state, remedy if count else "")


def _segments() -> Finding:
    """Reads every stored byte: a torn file is found here, not by the search that needs it."""
    found = index_of().check()
    if found.ok:
        return Finding("index", f"whole: {found.documents} documents in {found.bytes / 1e6:.1f} MB")
    told = f": {found.problems[0]}" if found.problems else ""
    return Finding("index", f"{health.index_state()}{told}", "flask --app wsgi index rebuild, or let the worker do it")


def _age(session: Session, watermark: int) -> Finding:
    lag = health.Backlog("index", 1, watermark)
    seconds = health.waits(session, [lag])["index"]
    state = f"{seconds:.0f} s behind" if seconds else "up to date"
    return Finding("index age", state, "" if seconds < STALE else "see that the worker runs: it stores the index")


LOOKS: tuple[Callable[[Session], Finding], ...] = (_worker, _backlogs, _jobs, _parked, _given_up, _factors)
