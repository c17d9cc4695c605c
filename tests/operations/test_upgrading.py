"""From each earlier release, and from several earlier states of the database, with a row in every table: an upgrade
copies first, loses nothing, and the product runs on what it made."""

import io
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    inspect,
    select,
)

from intranet import create_app
from intranet.config import ROOT, Settings
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.operations.copying import prove_sqlite
from intranet.operations.migrating import STEPS, bring_up_to_date, newest_revision, revision_of
from intranet.people.models import Profile
from tests.cast import SYSTEM
from tests.servers import PostgreSQL

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
# What a step does on purpose to the rows of a table; everywhere else each row stays as it was.
CHANGED = {"outbox_cursors": "one cursor for all hosts instead of one for each"}
GONE = {
    ("notice_rhythms", "snoozed_until"): "the profile's focus is the one home for being left alone, and took it over",
    ("chat_choices", "quiet_until"): "as above",
}


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
    steps = [step.revision for step in ScriptDirectory(str(STEPS)).walk_revisions()][::-1]
    chosen = [steps[0], steps[len(steps) // 2], steps[-2]]
    return list(dict.fromkeys([*chosen, *revisions_of_tags()]))


def migrate_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    with database.engine.execution_options(couth_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def value_for(table: Table, column: Column[Any], number: int, filled: dict[str, dict[str, Any]]) -> Any:
    """Something that column can hold, and that the product can read."""
    for key in column.foreign_keys:
        target = key.column.table.name
        if target in filled:
            return filled[target][key.column.name]
        return None
    known = Base.metadata.tables.get(table.name)
    kind = known.c[column.name].type if known is not None and column.name in known.c else column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, Boolean):
        return False
    if isinstance(column.type, Date):
        return MOMENT.date()
    if isinstance(column.type, DateTime):
        return MOMENT if column.type.timezone else MOMENT.replace(tzinfo=None)
    if isinstance(column.type, LargeBinary):
        return b"kept"
    if isinstance(column.type, Integer):
        return number
    length = getattr(column.type, "length", None) or 40
    return f"{table.name} {column.name}"[:length]


def fill(database: Database) -> dict[str, dict[str, Any]]:
    """One row in every table; what was written."""
    there = MetaData()
    there.reflect(database.engine)
    filled: dict[str, dict[str, Any]] = {}
    with database.engine.execution_options(couth_write=True).begin() as connection:
        for number, table in enumerate(there.sorted_tables, start=1000):
            if table.name == "alembic_version":
                continue
            row = {column.name: value_for(table, column, number, filled) for column in table.columns}
            connection.execute(table.insert().values(row))
            keys = [column == row[column.name] for column in table.primary_key.columns]
            filled[table.name] = dict(connection.execute(select(table).where(*keys)).mappings().one())
    return filled


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
    migrate_to(database, revision)
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
        now = MetaData()
        now.reflect(connection)
        for name, row in before.items():
            if name not in CHANGED:
                _same_row(connection, now, name, row)
    database.engine.dispose()
    _runs(settings)


def test_whoever_wished_to_be_left_alone_is_until_the_later_end(settings: Settings) -> None:
    database = Database(settings.database)
    migrate_to(database, "c40d7f21be96")
    fill(database)
    there = MetaData()
    there.reflect(database.engine)
    with database.engine.execution_options(couth_write=True).begin() as connection:
        wishes = {("notice_rhythms", "snoozed_until"): 1, ("chat_choices", "quiet_until"): 2}
        for (table, column), hours in wishes.items():
            connection.execute(there.tables[table].update().values({column: MOMENT + timedelta(hours=hours)}))
    database.engine.dispose()
    bring_up_to_date(settings)
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Profile.focusing_until)).all() == [MOMENT + timedelta(hours=2)]
    database.engine.dispose()


def _same_row(connection: Any, now: MetaData, name: str, row: dict[str, Any]) -> None:
    assert name in now.tables, f"{name} is gone, and CHANGED does not say why"
    table = now.tables[name]
    gone = {column for column in row if column not in table.c and (name, column) not in GONE}
    assert not gone, f"{name} lost {gone}, and GONE does not say why"
    keys = [column == row[column.name] for column in table.primary_key.columns if column.name in row]
    found = connection.execute(select(table).where(*keys)).mappings().one()
    assert {column: found[column] for column in row if column in table.c} == {
        column: value for column, value in row.items() if column in table.c
    }, name


def _runs(settings: Settings) -> None:
    app = create_app(settings)
    browser = app.test_client()
    assert browser.get("/health").status_code == 200
    assert browser.get("/sign-in").status_code == 200
    runtime(app).database.engine.dispose()


def test_a_second_start_makes_no_second_copy(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret_key="only for tests")
    database = Database(settings.database)
    migrate_to(database, starting_points()[0])
    tables = inspect(database.engine).get_table_names()
    assert "people" in tables
    database.engine.dispose()
    assert bring_up_to_date(settings) is not None
    assert bring_up_to_date(settings) is None
    assert len(list(tmp_path.glob("couth.db.before-migrating-*"))) == 1
