"""An empty index in a folder of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index.engine import Engine, open_engine


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(directory: Path) -> Iterator[Engine]:
    """The worker's engine."""
    opened = open_engine(directory, writer=True)
    yield opened
    opened.close()
