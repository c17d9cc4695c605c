"""Copies of a database that were read back before anybody relies on them."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

UNFINISHED = ".part"


class CopyFailed(Exception):
    """No copy could be made or proven; its text is one line with the remedy."""


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite address; None for other databases."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def copy_database(url: str, target: Path) -> None:
    """Write a consistent copy, also while others read and write, and prove it; ``target`` is whole or absent.

    Only its owner may read it, from its first byte on.

    Raises:
        CopyFailed: it could not be written, or what was written cannot be read back.
    """
    aside = target.with_name(target.name + UNFINISHED)
    source = sqlite_file(url)
    try:
        aside.touch(mode=0o600)
        if source is not None:
            _copy_sqlite(source, aside)
            prove_sqlite(aside)
        else:
            _dump_postgresql(make_url(url), aside)
        _settle(aside)
        aside.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise CopyFailed(f"{target} could not be written ({error}): make room or rights there first") from error
    finally:
        aside.unlink(missing_ok=True)


def prove_sqlite(file: Path) -> None:
    """Read every page of a copy.

    Raises:
        CopyFailed: it is damaged.
    """
    try:
        with closing(sqlite3.connect(file.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)) as copy:
            answers = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
    except sqlite3.DatabaseError as error:
        raise CopyFailed(f"{file} cannot be read ({error})") from error
    if answers != ["ok"]:
        raise CopyFailed(f"{file} is damaged: {answers[0]}")


def put_back(copy: Path, url: str) -> None:
    """Make the database at ``url`` what the copy holds. Nothing may have it open.

    Raises:
        CopyFailed: PostgreSQL's own tools refuse it.
    """
    target = sqlite_file(url)
    if target is None:
        _run_postgresql(["pg_restore", "--clean", "--if-exists", "--no-owner", "--dbname"], make_url(url), [str(copy)])
        return
    prove_sqlite(copy)
    copy.replace(target)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        # A copy in one file, without a journal beside it that could be left behind.
        new.execute("PRAGMA journal_mode=DELETE")


def _settle(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _dump_postgresql(url: URL, target: Path) -> None:
    _run_postgresql(["pg_dump", "--format=custom", "--file", str(target), "--dbname"], url, [])
    command = ["pg_restore", "--list", str(target)]
    listed = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (our own list, no shell)
    if listed.returncode != 0:
        raise CopyFailed(f"{target} is no readable dump: {listed.stderr.decode(errors='replace').strip()}")


def _run_postgresql(command: Sequence[str], url: URL, rest: Sequence[str]) -> None:
    """Run a PostgreSQL tool; the password travels in the environment, where other people's ``ps`` can't see it."""
    if shutil.which(command[0]) is None:
        raise CopyFailed(f"{command[0]} is missing: install PostgreSQL's client programs (postgresql-client)")
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    # Debian's tools take the port of this machine's own server for the usual one, unless a port is said.
    environment = {"PGPORT": "5432", **os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    done = subprocess.run(  # noqa: S603 (our own list, no shell)
        [*command, plain, *rest], env=environment, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise CopyFailed(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")
