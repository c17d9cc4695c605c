"""Copies of a database that were read back before anybody relies on them."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

UNFINISHED = ".part"
PROGRAMS = ("pg_dump", "pg_restore", "psql")
"""What copies of a PostgreSQL database are made and put back with."""
_EMPTY = """
do $$
declare
    drop_it text;
begin
    for drop_it in
        select format('drop table %s cascade', oid::regclass) from pg_class
        where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace
        union all
        select format('drop type %s cascade', oid::regtype) from pg_type
        where typtype = 'e' and typnamespace = current_schema()::regnamespace
    loop
        execute drop_it;
    end loop;
end $$
"""


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
        aside.unlink(missing_ok=True)
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
    """Make the database at ``url`` what the copy holds, and nothing else. Nothing may have it open.

    Raises:
        CopyFailed: PostgreSQL's own tools refuse it; nothing was changed.
    """
    target = sqlite_file(url)
    if target is None:
        _replace_postgresql(copy, make_url(url))
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
    _speak_to_postgresql(["pg_dump", "--format=custom", "--file", str(target), "--dbname"], url, [])
    _run(["pg_restore", "--list", str(target)])


def _replace_postgresql(dump: Path, url: URL) -> None:
    """In one transaction: all that is there goes, also what a newer version made, and what the dump holds comes."""
    script = dump.with_name(dump.name + ".sql")
    try:
        script.touch(mode=0o600)
        _run(["pg_restore", "--no-owner", "--file", str(script), str(dump)])
        psql = ["psql", "--no-psqlrc", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=1"]
        _speak_to_postgresql(
            [*psql, "--single-transaction", "--dbname"], url, ["--command", _EMPTY, "--file", str(script)]
        )
    finally:
        script.unlink(missing_ok=True)


def _speak_to_postgresql(command: Sequence[str], url: URL, rest: Sequence[str]) -> None:
    """Run a PostgreSQL tool; the password travels in the environment, where other people's ``ps`` can't see it."""
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    # Debian's tools take the port of this machine's own server for the usual one, unless a port is said.
    settings = {"PGPORT": "5432", **os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    _run([*command, plain, *rest], settings)


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    if shutil.which(command[0]) is None:
        raise CopyFailed(f"{command[0]} is missing: install PostgreSQL's client programs (postgresql-client)")
    done = subprocess.run(  # noqa: S603 (our own list, no shell)
        command, env=environment, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise CopyFailed(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")
