"""A start that migrates loses nothing, and refuses what it does not understand."""

import errno
import multiprocessing
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from intranet.config import Settings
from intranet.operations.copying import CopyFailed, prove_sqlite
from intranet.operations.migrating import STEPS, CannotMigrate, bring_up_to_date

FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "one"
down_revision = None
def upgrade():
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("words", sa.String))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "two"
down_revision = "one"
def upgrade():
    op.add_column("notes", sa.Column("mood", sa.String))
"""
BROKEN = (
    SECOND
    + """
    raise RuntimeError("half-way")
"""
)


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = tmp_path / "steps"
    (folder / "versions").mkdir(parents=True)
    shutil.copy(STEPS / "env.py", folder)
    (folder / "versions" / "one.py").write_text(FIRST)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir()
    return Settings(data=data, secret_key="only for tests")


def write_note(settings: Settings, words: str) -> None:
    with closing(sqlite3.connect(settings.data / "couth.db")) as connection, connection:
        connection.execute("INSERT INTO notes (words) VALUES (?)", (words,))


def notes(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT words FROM notes ORDER BY id")]


def test_an_empty_folder_needs_no_copy(settings: Settings, steps: Path) -> None:
    assert bring_up_to_date(settings, steps=steps) is None
    assert notes(settings.data / "couth.db") == []


def test_a_second_start_changes_nothing(settings: Settings, steps: Path) -> None:
    bring_up_to_date(settings, steps=steps)
    assert bring_up_to_date(settings, steps=steps) is None
    assert [path.name for path in settings.data.glob("*before*")] == []


def test_a_migration_leaves_a_copy_that_holds_everything(settings: Settings, steps: Path) -> None:
    bring_up_to_date(settings, steps=steps)
    write_note(settings, "still here")
    (steps / "versions" / "two.py").write_text(SECOND)

    copy = bring_up_to_date(settings, steps=steps)

    assert copy is not None
    assert copy.parent == settings.data
    prove_sqlite(copy)
    assert notes(copy) == ["still here"] == notes(settings.data / "couth.db")
    assert copy.stat().st_mode & 0o077 == 0
    assert bring_up_to_date(settings, steps=steps) is None
    assert list(settings.data.glob("*before*")) == [copy]


def test_a_migration_that_fails_half_way_changes_nothing(settings: Settings, steps: Path) -> None:
    bring_up_to_date(settings, steps=steps)
    write_note(settings, "as it was")
    (steps / "versions" / "two.py").write_text(BROKEN)

    with pytest.raises(RuntimeError, match="half-way"):
        bring_up_to_date(settings, steps=steps)

    with closing(sqlite3.connect(settings.data / "couth.db")) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(notes)")]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert columns == ["id", "words"]
    assert revision == ("one",)


def test_starts_that_fail_again_and_again_do_not_fill_the_disk(settings: Settings, steps: Path) -> None:
    bring_up_to_date(settings, steps=steps)
    write_note(settings, "as it was")
    (steps / "versions" / "two.py").write_text(BROKEN)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="half-way") as failed:
            bring_up_to_date(settings, steps=steps)
        assert "the data is as it was" in failed.value.__notes__[0]

    assert [path.name for path in settings.data.glob("*before*")] == []


def test_killed_half_way_it_changes_nothing_and_the_next_start_clears_up(settings: Settings, steps: Path) -> None:
    bring_up_to_date(settings, steps=steps)
    write_note(settings, "as it was")
    (steps / "versions" / "two.py").write_text(
        SECOND + "\n    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    for ending in ("", "-wal", "-shm"):
        (settings.data / f"couth.db.before-migrating-one-20260301-093000.part{ending}").write_bytes(b"cut off")

    killed = multiprocessing.get_context("spawn").Process(
        target=bring_up_to_date, args=(settings,), kwargs={"steps": steps}
    )
    killed.start()
    killed.join()

    assert killed.exitcode == -signal.SIGKILL
    assert notes(settings.data / "couth.db") == ["as it was"]
    assert [notes(copy) for copy in settings.data.glob("*before*")] == [["as it was"]]
    (steps / "versions" / "two.py").write_text(SECOND)
    assert bring_up_to_date(settings, steps=steps) is not None
    assert notes(settings.data / "couth.db") == ["as it was"]


def test_without_room_for_a_copy_nothing_is_migrated(
    settings: Settings, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(settings, steps=steps)
    write_note(settings, "as it was")
    (steps / "versions" / "two.py").write_text(SECOND)
    monkeypatch.setattr(Path, "rename", _no_room)

    with pytest.raises(CopyFailed, match="make room"):
        bring_up_to_date(settings, steps=steps)

    with closing(sqlite3.connect(settings.data / "couth.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("one",)
    assert [path.name for path in settings.data.glob("*before*")] == []


def _no_room(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_database_newer_than_the_code_is_refused(settings: Settings, steps: Path) -> None:
    (steps / "versions" / "two.py").write_text(SECOND)
    bring_up_to_date(settings, steps=steps)
    (steps / "versions" / "two.py").unlink()

    with pytest.raises(CannotMigrate, match="a newer Couth wrote this data"):
        bring_up_to_date(settings, steps=steps)


def test_a_database_of_something_else_is_left_alone(settings: Settings, steps: Path) -> None:
    with closing(sqlite3.connect(settings.data / "couth.db")) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")

    with pytest.raises(CannotMigrate, match="tables that Couth did not make"):
        bring_up_to_date(settings, steps=steps)
