"""Looks at everything that can be wrong with an installation, and says what to do about each thing that is."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from intranet.config import ROOT, BadSetting, Settings
from intranet.kernel import assets
from intranet.kernel.db import Database
from intranet.kernel.viewer import system
from intranet.notifications.push.keys import public_key
from intranet.operations import health
from intranet.operations.copying import sqlite_file
from intranet.operations.heartbeat import OVERDUE
from intranet.operations.migrating import CannotMigrate, newest_revision, require_known, revision_of
from intranet.operations.preflight import CannotStart, require_writable

LITTLE_SPACE = 1 << 30
VENDOR = ("socket.io.esm.min.js", "idiomorph.esm.js", "inter/index.css")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``remedy`` is empty where it is well."""

    subject: str
    state: str
    remedy: str = ""


def examine(settings: Settings, database: Database) -> Iterator[Finding]:
    """Everything, in the order in which one thing leans on another; stops where the database can't be read."""
    yield _data_folder(settings)
    yield _space(settings)
    yield _vendor()
    yield _push(settings)
    yield _bundle(settings)
    yield _integrity(settings)
    try:
        yield _revision(database)
        with database.reading(system(reason="operations: doctor")) as session:
            yield from [look(session) for look in LOOKS]
        yield _index()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error))
        yield Finding(
            "database", reason, "see that COUTH_DATABASE_URL is right and its server runs; then script/server"
        )


def _data_folder(settings: Settings) -> Finding:
    try:
        require_writable(settings.data)
    except CannotStart as error:
        return Finding("data folder", "not writable", str(error))
    if settings.data.stat().st_mode & 0o007:
        return Finding("data folder", "open to every user of this machine", f"chmod o-rwx {settings.data}")
    return Finding("data folder", str(settings.data))


def _space(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data).free
    state = f"{free / 1e9:.1f} GB free"
    return Finding("space", state, "" if free > LITTLE_SPACE else f"make room on the disk of {settings.data}")


def _vendor() -> Finding:
    missing = [name for name in VENDOR if not (ROOT / "static" / "vendor" / name).is_file()]
    remedy = "run script/server --setup-only" if missing else ""
    return Finding("browser libraries", f"missing: {', '.join(missing)}" if missing else "there", remedy)


def _bundle(settings: Settings) -> Finding:
    if not settings.bundle:
        return Finding("styles and scripts", "one by one, as COUTH_BUNDLE says")
    is_there = bool(assets.bundle_of().names)
    remedy = "" if is_there else "run script/server --setup-only, then start again: pages load slower without"
    return Finding("styles and scripts", "bundled" if is_there else "not bundled from what is in the checkout", remedy)


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


def _dead_letters(session: Session) -> Finding:
    count = health.dead_letters(session) + health.failed_jobs(session)
    remedy = (
        "see Administration, Undelivered, for the reasons; after an update: flask --app wsgi index rebuild"
        if count
        else ""
    )
    return Finding("given up", f"{count} events and jobs", remedy)


def _push(settings: Settings) -> Finding:
    """The keys of web push, which are made here where there are none."""
    try:
        return Finding("web push", f"signs as {public_key(settings)[:12]}…")
    except (BadSetting, OSError) as error:
        return Finding("web push", "has no key", str(error))


def _index() -> Finding:
    state = health.index_state()
    return Finding("index", state, "" if state == "ok" else "flask --app wsgi index check, then index rebuild")


LOOKS: tuple[Callable[[Session], Finding], ...] = (_worker, _backlogs, _dead_letters)
