"""A company with everything in it, asked by programs and browsers that mean no good; nothing that they do is kept."""

from collections.abc import Iterator

import pytest

from tests.architecture.outsiders.worlds import People, Things, World, furnish


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, People, Things]]:
    world, people, things = furnish(tmp_path_factory.mktemp("world"))
    yield world, people, things
    world.close()
