"""From each earlier release, and from every earlier state of the database, with rows in every table: an upgrade copies
first, loses nothing, and the product runs on what it made."""

import io
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, select

from intranet import create_app
from intranet.config import ROOT, Settings
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.operations.archive import write_archive
from intranet.operations.copying import prove_sqlite, sqlite_file
from intranet.operations.migrating import bring_up_to_date, migrate, newest_revision, revision_of
from intranet.operations.restoring import restore
from intranet.people.models import Profile
from tests.cast import SYSTEM
from tests.operations.states import MOMENT, all_steps, fill, require_kept
from tests.servers import PostgreSQL


def revisions_of_tags() -> list[str]:
    """The newest step of each release that this repository knows."""
    if not (ROOT / ".git").exists():
        return []
    tags = subprocess.run(["git", "tag", "--merged", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for tag in tags.stdout.split():
        packed = subprocess.run(["git", "archive", tag, "migrations"], cwd=ROOT, capture_output=True, check=False)
        if packed.returncode == 0:
            found.append(_head_in(packed.stdout))
    return found


def _head_in(packed: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        head = ScriptDirectory(f"{folder}/migrations").get_current_head()
    assert head is not None
    return head


def starting_points() -> list[str]:
    """Releases, and three states on the way to here: the first, one between, and the one before the newest."""
    steps = all_steps()
    chosen = [steps[0], steps[len(steps) // 2], steps[-2]]
    return list(dict.fromkeys([*chosen, *revisions_of_tags()]))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = ""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.empty()
    data = tmp_path / "data"
    data.mkdir()
    return Settings(data=data, database_url=url, secret_key="only for tests", bundle=False)


@pytest.mark.parametrize("revision", starting_points())
def test_an_upgrade_copies_first_and_keeps_every_row(settings: Settings, revision: str) -> None:
    database = Database(settings.database)
    migrate(database, to=revision)
    before = fill(database)
    database.engine.dispose()
    assert len(before) >= 20

    copy = bring_up_to_date(settings)

    assert copy is not None
    assert copy.stat().st_size > 0
    if database.is_sqlite:
        prove_sqlite(copy)
    with database.engine.connect() as connection:
        assert revision_of(connection) == newest_revision()
        require_kept(connection, before)
    database.engine.dispose()
    _runs(settings)


def test_rows_of_every_step_live_through_all_that_follow(settings: Settings) -> None:
    database = Database(settings.database)
    written = []
    for number, step in enumerate(all_steps(), start=1):
        migrate(database, to=step)
        written += fill(database, first=1000 * number)
    with database.engine.connect() as connection:
        require_kept(connection, written)
        assert _differences(connection) == []
    database.engine.dispose()
    if file := sqlite_file(settings.database):
        with closing(sqlite3.connect(file)) as opened:
            assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    _runs(settings)


def _differences(connection: Connection) -> list[object]:
    """Between the tables that are there and those that the product describes; tests describe some of their own."""
    own = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("tests.")}
    options = {"include_object": lambda item, *_about: item not in own}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def test_a_backup_from_before_an_upgrade_comes_back(settings: Settings, tmp_path: Path) -> None:
    database = Database(settings.database)
    migrate(database, to=all_steps()[20])
    before = fill(database)
    database.engine.dispose()
    write_archive(settings, tmp_path / "backup")
    bring_up_to_date(settings)

    restore(settings, tmp_path / "backup")

    with database.engine.connect() as connection:
        assert revision_of(connection) == newest_revision()
        require_kept(connection, before)
    database.engine.dispose()
    _runs(settings)


def test_one_cursor_takes_the_place_of_each_host_s(settings: Settings) -> None:
    database = Database(settings.database)
    migrate(database, to="c1f4e8a27d90")
    read = {("audit", "one"): 40, ("audit", "two"): 7, ("search", "two"): 12}
    with database.engine.execution_options(couth_write=True).begin() as connection:
        cursors = _table(connection, "outbox_cursors")
        rows = [
            {"subscriber": subscriber, "host": host, "position": position, "moved_at": MOMENT}
            for (subscriber, host), position in read.items()
        ]
        connection.execute(cursors.insert(), rows)
    migrate(database)
    with database.engine.connect() as connection:
        found = connection.execute(select(cursors.c.subscriber, cursors.c.host, cursors.c.position)).all()
    database.engine.dispose()
    assert sorted(map(tuple, found)) == [("audit", "*", 40), ("search", "*", 12)]


def test_whoever_wished_to_be_left_alone_is_until_the_later_end(settings: Settings) -> None:
    database = Database(settings.database)
    migrate(database, to="c40d7f21be96")
    fill(database)
    with database.engine.execution_options(couth_write=True).begin() as connection:
        wishes = {("notice_rhythms", "snoozed_until"): 1, ("chat_choices", "quiet_until"): 2}
        for (table, column), hours in wishes.items():
            connection.execute(_table(connection, table).update().values({column: MOMENT + timedelta(hours=hours)}))
    database.engine.dispose()
    bring_up_to_date(settings)
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Profile.focusing_until)).all() == [MOMENT + timedelta(hours=2)]
    database.engine.dispose()


def _table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def _runs(settings: Settings) -> None:
    app = create_app(settings)
    browser = app.test_client()
    assert browser.get("/health").status_code == 200
    assert browser.get("/sign-in").status_code == 200
    runtime(app).database.engine.dispose()
