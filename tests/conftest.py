"""What tests ask for: an application with its own data folder, a database with the cast on stage, and counters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from intranet import create_app
from intranet.config import Settings
from intranet.kernel import ids, outbox, pace
from intranet.kernel.db import Database, Session
from intranet.kernel.pace import Pace
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from tests.answers import hold_to_document
from tests.applications import make_haste, make_tables
from tests.cast import Cast, bring_on
from tests.fixtures import AsViewer, Happens, Queries
from tests.servers import PostgreSQL, postgresql_server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="keep the rows of every test there")


def pytest_configure() -> None:
    make_haste()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _ids_begin_with_the_present(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that stopped the clock in the future would have the ids of all later ones go on from there."""
    monkeypatch.setattr(ids, "_last", 0)


@pytest.fixture(autouse=True)
def _everybody_is_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuses of a process count on through its tests, and a quick machine would blow them."""
    for name in ("changes", "searches"):
        fuse: Pace = getattr(pace, name)
        monkeypatch.setattr(pace, name, Pace(burst=fuse.burst, each_second=fuse.each_second))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The setting for a database of the test's own: SQLite in its folder, unless ``--postgresql`` was said."""
    if request.config.getoption("--postgresql"):
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.with_tables()
        yield url
        server.drop(url)
    else:
        yield ""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of ``app``."""
    return Settings(
        data=tmp_path / "data",
        database_url=database_url,
        async_mode="threading",
        secret_key="only for tests",
        bundle=False,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on an empty database of its own."""
    app = create_app(settings)
    app.config["TESTING"] = False  # errors become pages here, as they do for people
    database = runtime(app).database
    make_tables(database)
    undocumented = hold_to_document(app)
    yield app
    database.engine.dispose()
    assert not undocumented, "\n".join(undocumented)


@pytest.fixture
def database(app: Flask) -> Database:
    return runtime(app).database


@pytest.fixture
def cast(database: Database) -> Cast:
    return bring_on(database)


@pytest.fixture
def as_viewer(app: Flask) -> AsViewer:
    """A browser in which somebody is signed in, past the sign-in page; forms need no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(viewer: Viewer) -> FlaskClient:
        runtime(app).identify = lambda: viewer
        return app.test_client()

    return sign_in


@pytest.fixture
def queries(database: Database) -> Queries:
    """A budget of SQL statements: ``with queries(3): …``."""

    @contextmanager
    def budget(most: int) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        assert len(seen) <= most, "\n".join([f"{len(seen)} statements, at most {most}:", *seen])

    return budget


@pytest.fixture
def happens(database: Database) -> Happens:
    """Run an action for a viewer and return the events that it recorded."""

    def run(viewer: Viewer, action: Callable[[Session], object]) -> list[object]:
        with database.unit_of_work(viewer) as session:
            action(session)
            return list(outbox.recorded(session))

    return run
