"""Bringing a database up to the code that is about to run: a proven copy first, then the steps, all or none.

Where a database stands is looked up without Alembic, which does the steps: it takes 8 MB of a process that loads it.
"""

import re
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from intranet.config import ROOT, Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.operations.copying import UNFINISHED, copy_database, sqlite_file
from intranet.operations.reaching import reach

STEPS = ROOT / "migrations"
_SAID = re.compile(r"""^(revision|down_revision) = (?:None|['"](\w+)['"])$""", re.MULTILINE)
_BEFORE = ".before-migrating-"
_PATIENCE_MILLISECONDS = 30_000  # others may still write, and take their turns quickly


class CannotMigrate(Exception):
    """The database and this code do not fit; its text is one line with the remedy."""


def revision_of(connection: Connection) -> str | None:
    """What the database was last brought up to; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
    return found


def newest_revision(steps: Path = STEPS) -> str | None:
    """What this code needs."""
    befores = _befores(steps)
    return next(iter(befores.keys() - set(befores.values())), None)


def require_known(revision: str | None, *, steps: Path = STEPS) -> None:
    """Let a database (or a backup) of this revision be used.

    Raises:
        CannotMigrate: a newer Couth wrote it.
    """
    if revision is not None and revision not in _befores(steps):
        raise CannotMigrate(
            f"a newer Couth wrote this data (revision {revision} is unknown here): "
            "run that version, or restore a copy from before it"
        )


def _befores(steps: Path) -> dict[str, str | None]:
    """Each step's revision with that of the step before it, as their files say."""
    said = [
        {name: revision or None for name, revision in _SAID.findall(path.read_text(encoding="utf-8"))}
        for path in (steps / "versions").glob("*.py")
    ]
    return {str(one["revision"]): one["down_revision"] for one in said}


def require_newest(database: Database) -> None:
    """Let a process start on this database.

    Raises:
        Unusable: there is no database to speak to, or none that can be used.
        CannotMigrate: it is not at this code's revision.
    """
    reach(database)
    with database.engine.connect() as connection:
        current = revision_of(connection)
    if current != newest_revision():
        raise CannotMigrate("the database is not at this version: run script/server --setup-only first")


def bring_up_to_date(settings: Settings, *, steps: Path = STEPS) -> Path | None:
    """Migrate to the newest revision; returns the copy that was made where there was data to lose.

    Raises:
        Unusable: there is no database to speak to, or none that can be used.
        CannotMigrate: the data is newer than the code, or was made by something else.
        CopyFailed: no proven copy could be made; nothing was changed.
    """
    database = Database(settings.database)
    try:
        reach(database)
        with database.engine.connect() as connection:
            current = revision_of(connection)
            is_foreign = current is None and bool(inspect(connection).get_table_names())
        if is_foreign:
            raise CannotMigrate(f"{settings.database} holds tables that Couth did not make: name an empty database")
        require_known(current, steps=steps)
        if current == newest_revision(steps):
            return None
        copy = _copy_before(settings, current) if current is not None else None
        try:
            migrate(database, steps=steps)
        except Exception as error:
            _undo_copy(database, current, copy, error)
            raise
        return copy
    finally:
        database.engine.dispose()


def _copy_before(settings: Settings, revision: str) -> Path:
    place = copy_place(settings, revision)
    for left in place.parent.glob(f"*{_BEFORE}*{UNFINISHED}*"):
        left.unlink()  # of a start that was killed at it; no other is at it now
    copy_database(settings.database, place)
    return place


def _undo_copy(database: Database, revision: str | None, copy: Path | None, error: Exception) -> None:
    """Without a step taken the database is its own copy, and a service starts again and again: the disk would fill."""
    with database.engine.connect() as connection:
        if revision_of(connection) != revision:
            return
    if copy is not None:
        copy.unlink()
    error.add_note("No step was taken: the data is as it was, for the version that served it until now.")


def copy_place(settings: Settings, revision: str, *, now: datetime | None = None) -> Path:
    """Where the copy of a database at this revision goes: beside it, with the time in its name."""
    source = sqlite_file(settings.database) or settings.data / "couth.dump"
    stamp = (now or clock.now()).strftime("%Y%m%d-%H%M%S")
    return source.with_name(f"{source.name}{_BEFORE}{revision}-{stamp}")


def migrate(database: Database, *, to: str = "head", steps: Path = STEPS) -> None:
    """Take the steps up to that revision, all or none."""
    from alembic import command  # noqa: PLC0415 (8 MB, while there are steps to do)
    from alembic.config import Config  # noqa: PLC0415 (the same)

    config = Config()
    config.set_main_option("script_location", str(steps))
    engine = database.engine.execution_options(couth_write=True)
    with engine.connect() as connection:
        if database.is_sqlite:
            # A table that is rebuilt is dropped for a moment: its references must not be minded, nor cascade.
            # SQLite takes this only outside a transaction, hence past SQLAlchemy.
            for pragma in ("foreign_keys=OFF", f"busy_timeout={_PATIENCE_MILLISECONDS}"):
                connection.connection.cursor().execute(f"PRAGMA {pragma}")
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, to)
