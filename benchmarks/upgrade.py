"""A company that the code of another day served, killed, then served by today's: what is kept, and how long it takes.

`script/bench upgrade REVISION…` takes revisions of this repository. For each, its own `script/server --demo` sets
itself up in a folder of its own and is killed with -9 once it answers. Then today's code copies and migrates; every row
is compared with what was there, and the copy as well; today's server says that it is well and finds old posts and
people; and the old code must refuse what has become of the data. With `--postgresql` it is all there.
"""

import argparse
import io
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy import MetaData, select

from intranet.config import ROOT, Settings
from intranet.kernel.db import Database
from intranet.operations.migrating import bring_up_to_date
from tests.faults.running import Server, eventually, free_ports, running_server, search
from tests.operations.states import CHANGED, GONE
from tests.servers import PostgreSQL, postgresql_server

_SETTING_UP = 300.0  # seconds: the old code brings its packages first
_SAMPLE = "pump"  # the company for trying out speaks of these, and always did

Rows = dict[str, list[dict[str, object]]]


class NotKept(Exception):
    """What is wrong after an upgrade."""


class NotStarted(Exception):
    """The old code did not serve here: nothing is said of an upgrade."""


def main(arguments: list[str]) -> int:
    """Print a line for each revision; 1 where anything is not kept."""
    parser = argparse.ArgumentParser(prog="script/bench upgrade", description=__doc__.splitlines()[0])
    parser.add_argument("revisions", nargs="+", metavar="REVISION")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL in place of SQLite")
    asked = parser.parse_args(arguments)
    failed = 0
    with postgresql_server() if asked.postgresql else nullcontext() as server:
        for revision in asked.revisions:
            with tempfile.TemporaryDirectory(prefix="couth-upgrade-") as folder:
                try:
                    told = _upgrade(revision, Path(folder), server)
                except NotKept as error:
                    failed, told = 1, f"NOT KEPT: {error}"
                except NotStarted as error:
                    failed, told = 1, f"not tried: {error}"
                print(f"{revision}: {told}", flush=True)
    return failed


def _upgrade(revision: str, folder: Path, server: PostgreSQL | None) -> str:
    code, data = folder / "code", folder / "data"
    settings = Settings(data=data, database_url=server.empty() if server else "", secret_key=os.urandom(16).hex())
    environment = {"COUTH_DATABASE_URL": settings.database_url} if server else {}
    _check_out(revision, code)
    _serve_and_kill(code, data, environment)
    before = _rows(settings.database)
    began = time.perf_counter()
    copy = bring_up_to_date(settings)
    took = time.perf_counter() - began
    if copy is None:
        raise NotKept("no copy was made, or there was no step to take")
    _require_same(before, _rows(settings.database), "the database")
    if server is None:
        _require_same(before, _rows(f"sqlite:///{copy}"), "the copy")
    with running_server(data, settings=environment) as today:
        found = _look_around(today)
    _require_refused(code, data, environment)
    count = sum(map(len, before.values()))
    return f"{len(before)} tables, {count:,} rows kept, copied and migrated in {took:.1f} s; {found}"


def _check_out(revision: str, code: Path) -> None:
    command = ["git", "archive", revision]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603 (a name, and no shell)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(code, filter="data")


def _serve_and_kill(code: Path, data: Path, environment: Mapping[str, str]) -> None:
    """The company for trying out, as that code makes it, served and never stopped in peace."""
    port = free_ports(1)
    with _started(code, data, environment, "--demo", "--port", str(port)) as process:
        if not eventually(lambda: _answers(port) or process.poll() is not None, seconds=_SETTING_UP):
            raise NotStarted("the old code does not answer")
        if process.poll() is not None:
            raise NotStarted(f"the old code does not start:\n{data.with_suffix('.log').read_text()[-1000:]}")
        time.sleep(5)  # its worker has begun to read what happened


@contextmanager
def _started(code: Path, data: Path, environment: Mapping[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with data.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 (a checkout of our own, no shell)
            [sys.executable, "script/server", *words],
            cwd=code,
            env={**os.environ, **environment, "COUTH_DATA": str(data)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _rows(url: str) -> Rows:
    database = Database(url)
    there = MetaData()
    with database.engine.connect() as connection:
        there.reflect(connection)
        found = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in there.sorted_tables
            if table.name != "alembic_version"
        }
    database.engine.dispose()
    return found


def _require_same(before: Rows, after: Rows, what: str) -> None:
    """Each row of before stands after, in all columns that no step is known to change."""
    for table, rows in before.items():
        kept = [name for name in (rows[0] if rows else ()) if (table, name) not in {*CHANGED, *GONE}]
        try:
            found = {tuple(repr(row[name]) for name in kept) for row in after[table]}
        except KeyError as error:
            raise NotKept(f"{what}: {table} has no {error}") from error
        lost = [row for row in rows if tuple(repr(row[name]) for name in kept) not in found]
        if lost:
            raise NotKept(f"{what}: {len(lost)} rows of {table} are gone or altered, such as {lost[0]}")


def _look_around(today: Server) -> str:
    token = today.command("token", "leila").splitlines()[-1]
    posts = search(today, token, _SAMPLE)
    _, people = today.ask("GET", f"/api/v1/experts?q={_SAMPLE}", token=token)
    if not posts or not people["items"]:
        raise NotKept(f"{len(posts)} posts and {len(people['items'])} experts are found for {_SAMPLE}")
    return f"{len(posts)} posts and {len(people['items'])} experts found"


def _require_refused(code: Path, data: Path, environment: Mapping[str, str]) -> None:
    with _started(code, data, environment, "--setup-only") as process:
        if process.wait(timeout=_SETTING_UP) == 0:
            raise NotKept("the old code takes today's data for its own")
