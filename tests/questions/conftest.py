"""The index of the test's own application, filled as the cast speaks."""

from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.search.index import Index, index_of
from tests.cast import Cast


@pytest.fixture
def index(app: Flask, cast: Cast) -> Iterator[Index]:
    with app.app_context():
        held = index_of(app)
        yield held
        held.close()
