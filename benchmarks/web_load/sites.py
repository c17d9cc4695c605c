"""The installations that are measured: one process on SQLite, and one or two on PostgreSQL and Redis."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.running import Server, command, running_server
from tests.servers import postgresql_server, redis_server

SITES = {"sqlite": 1, "postgresql": 1, "postgresql-2": 2}
"""How many web processes each has."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running installation; ``roots`` are the processes whose CPU, with their children's, counts."""

    server: Server
    roots: tuple[int, ...]

    @property
    def ports(self) -> range:
        return range(self.server.port, self.server.port + self.server.web)


@contextmanager
def running_site(name: str, data: Path) -> Iterator[Site]:
    """The company in ``data`` on such a site; what the load adds is gone afterwards."""
    copy = data.with_name(f"{data.name}-{name}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    try:
        with ExitStack() as stack:
            settings: dict[str, str] = {}
            beside: list[int] = []
            if name != "sqlite":
                settings, beside = _move(stack, copy)
            server = stack.enter_context(running_server(copy, web=SITES[name], settings=settings))
            yield Site(server, (server.process.pid, *beside))
    finally:
        shutil.rmtree(copy)


def _move(stack: ExitStack, data: Path) -> tuple[dict[str, str], list[int]]:
    """Take the company to PostgreSQL; the settings of the site, and its PostgreSQL and Redis."""
    postgresql = stack.enter_context(postgresql_server())
    redis = stack.enter_context(redis_server())
    if redis.process is None:
        raise RuntimeError("redis is not there")
    url = postgresql.empty()
    command(data, {}, "move", url)
    settings = {
        "COUTH_DATABASE_URL": url,
        "COUTH_REDIS_URL": redis.url,
        "COUTH_SECRET_KEY": os.urandom(16).hex(),
    }
    return settings, [postgresql.pid, redis.process.pid]
