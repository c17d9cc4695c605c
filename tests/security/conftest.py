"""A company with everything in it, asked by programs and browsers that mean no good; nothing that they do is kept."""

from collections.abc import Iterator

import pytest

from tests.architecture.outsiders.worlds import People, Things, World, furnish
from tests.servers import PostgreSQL


@pytest.fixture(scope="session")
def furnished(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, People, Things]]:
    """Its rows are kept where ``--postgresql`` says."""
    on_server = request.config.getoption("--postgresql")
    server: PostgreSQL | None = request.getfixturevalue("postgresql") if on_server else None
    url = server.with_tables() if server else ""
    world, people, things = furnish(tmp_path_factory.mktemp("world"), url)
    yield world, people, things
    world.close()
    if server:
        server.drop(url)
