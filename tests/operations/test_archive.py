"""A backup counts only once it was read back, and a restore changes nothing before that."""

import io
import tarfile
from pathlib import Path

import pytest
from flask import Flask

from intranet.config import Settings
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.operations.archive import BadArchive, read_archive, write_archive
from intranet.operations.copying import CopyFailed, copy_database
from intranet.operations.migrating import bring_up_to_date
from intranet.operations.preflight import CannotStart, alone_with
from intranet.operations.restoring import restore
from tests.cast import add_person


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    settings.files_folder.mkdir(parents=True)
    (settings.data / "secret_key").write_text("signs everything")
    (settings.files_folder / "ab").mkdir()
    (settings.files_folder / "ab" / "abcdef").write_bytes(b"a picture")
    settings.index_folder.mkdir()
    (settings.index_folder / "segment").write_text("made from the old database")
    bring_up_to_date(settings)
    return settings


def test_a_backup_brings_database_files_and_key_back(settings: Settings, tmp_path: Path) -> None:
    backup = tmp_path / "backup.tar.gz"
    manifest = write_archive(settings, backup)
    assert set(manifest.members) == {"database", "secret_key", "files/ab/abcdef"}

    (settings.files_folder / "ab" / "abcdef").write_bytes(b"something else")
    (settings.data / "couth.db").unlink()
    _, aside = restore(settings, backup)

    assert (settings.files_folder / "ab" / "abcdef").read_bytes() == b"a picture"
    assert (settings.data / "secret_key").read_text() == "signs everything"
    assert (settings.data / "couth.db").is_file()
    assert not settings.index_folder.exists(), "an index of other data must not answer"
    assert (aside / "files" / "ab" / "abcdef").read_bytes() == b"something else"


def test_a_backup_is_readable_by_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    write_archive(settings, tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("precious")
    with pytest.raises(FileExistsError):
        write_archive(settings, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "precious"


@pytest.mark.parametrize("where", [0.3, 0.9])
def test_a_damaged_backup_is_refused_and_changes_nothing(settings: Settings, tmp_path: Path, where: float) -> None:
    backup = tmp_path / "backup"
    write_archive(settings, backup)
    content = bytearray(backup.read_bytes())
    content[int(len(content) * where)] ^= 0xFF
    backup.write_bytes(content)

    with pytest.raises(BadArchive):
        restore(settings, backup)

    assert (settings.files_folder / "ab" / "abcdef").read_bytes() == b"a picture"


def test_half_a_backup_is_refused(settings: Settings, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    write_archive(settings, backup)
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(BadArchive):
        read_archive(backup)


@pytest.mark.parametrize("name", ["../outside", "files/../../outside", "/outside", "files/.hidden"])
def test_an_archive_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "backup", "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"bad"))
    with pytest.raises(BadArchive):
        read_archive(tmp_path / "backup", into=tmp_path / "into")
    assert not (tmp_path / "outside").exists()


def test_nothing_is_restored_under_a_running_server(settings: Settings, tmp_path: Path) -> None:
    write_archive(settings, tmp_path / "backup")
    with alone_with(settings.data), pytest.raises(CannotStart):
        restore(settings, tmp_path / "backup")


def test_the_command_line_backs_up_and_restores(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    made = runner.invoke(args=["backup", str(tmp_path / "backup")])
    assert made.exit_code == 0, made.output
    assert "read back and whole" in made.output

    again = runner.invoke(args=["backup", str(tmp_path / "backup")])
    assert again.exit_code == 1
    assert "is there already" in again.output

    runtime(app).database.transact(system(reason="tests"), lambda session: add_person(session, "ada"))
    over = runner.invoke(args=["restore", str(tmp_path / "backup")])
    assert over.exit_code == 1
    assert "people are here already. With --replace" in over.output

    missing = runner.invoke(args=["restore", "--replace", str(tmp_path / "nothing")])
    assert missing.exit_code == 1
    assert "cannot be read as a backup" in missing.output
    assert runtime(app).settings.data.is_dir()


def test_a_server_whose_port_nobody_said_is_sought_at_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's pg_dump would ask the port of this machine's own server, whatever machine the address names."""
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "sought at $PGPORT" >&2\nexit 1\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.delenv("PGPORT", raising=False)
    with pytest.raises(CopyFailed, match="sought at 5432"):
        copy_database("postgresql://couth@db.example.com/couth", tmp_path / "copy")
