"""Putting a backup in place of the present data, which is set aside, not deleted."""

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from intranet.config import Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.tables import Base
from intranet.operations.archive import DATABASE, FILES, KEYS, BadArchive, Manifest, read_archive
from intranet.operations.copying import copy_database, prove_sqlite, put_back, sqlite_file
from intranet.operations.migrating import bring_up_to_date, require_known
from intranet.operations.preflight import alone_with, require_writable


class WouldReplace(Exception):
    """There is data already; the text is one line with the remedy."""


def require_nobody_here(settings: Settings) -> None:
    """See that a restore puts nothing aside that anybody might still want.

    Raises:
        WouldReplace: people are here, or something that cannot be read.
    """
    database = Database(settings.database)
    try:
        with database.engine.connect() as connection:
            people = select(Base.metadata.tables["people"].c.id).limit(1)
            is_empty = not inspect(connection).has_table("people") or connection.scalar(people) is None
        state = "" if is_empty else "people are here already"
    except SQLAlchemyError as error:
        state = f"what is here cannot be read ({type(error).__name__})"
    finally:
        database.engine.dispose()
    if state:
        raise WouldReplace(
            f"{settings.data}: {state}. With --replace it is set aside, and the backup put in its place."
        )


def restore(settings: Settings, source: Path) -> tuple[Manifest, Path]:
    """Replace data, files and key by the backup's, migrated to this code; returns where the old ones are now.

    The backup is unpacked and proven before anything is touched.

    Raises:
        BadArchive, CopyFailed: the backup is no good; nothing was changed.
        CannotMigrate: a newer Couth made it; nothing was changed.
        CannotStart: a server runs on this data.
    """
    require_writable(settings.data)
    with (
        alone_with(settings.data),
        tempfile.TemporaryDirectory(dir=settings.data, prefix=".restoring-") as folder,
    ):
        unpacked = Path(folder)
        manifest = read_archive(source, into=unpacked)
        require_known(manifest.revision)
        _require_same_kind(settings, manifest)
        if sqlite_file(settings.database) is not None:
            prove_sqlite(unpacked / DATABASE)
        aside = settings.data / f"before-restoring-{clock.now():%Y%m%d-%H%M%S}"
        aside.mkdir(mode=0o700)
        _replace_database(settings, unpacked / DATABASE, aside)
        _replace_folders(settings, unpacked, aside)
        bring_up_to_date(settings)
    return manifest, aside


def _require_same_kind(settings: Settings, manifest: Manifest) -> None:
    database = Database(settings.database)
    here = database.engine.dialect.name
    database.engine.dispose()
    if here != manifest.dialect:
        raise BadArchive(f"this backup is of {manifest.dialect} and COUTH_DATABASE_URL names {here}: use one kind")


def _replace_database(settings: Settings, fresh: Path, aside: Path) -> None:
    file = sqlite_file(settings.database)
    if file is None:
        copy_database(settings.database, aside / DATABASE)
    else:
        for suffix in ("", "-wal", "-shm"):
            _move(file.with_name(file.name + suffix), aside)
    put_back(fresh, settings.database)


def _replace_folders(settings: Settings, unpacked: Path, aside: Path) -> None:
    keys = [settings.data / key for key in KEYS]
    # The index goes too: it is made from the database, and this one was made from another.
    for path in (settings.files_folder, settings.index_folder, *keys):
        _move(path, aside)
    for path, target in ((unpacked / FILES, settings.files_folder), *((unpacked / key.name, key) for key in keys)):
        if path.exists():
            shutil.move(path, target)


def _move(path: Path, folder: Path) -> None:
    if path.exists():
        shutil.move(path, folder / path.name)
