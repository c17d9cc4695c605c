"""The same start, move, backup and restore on a real PostgreSQL server."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from sqlalchemy import JSON, func, select

from benchmarks import move as company
from intranet import create_app
from intranet.accounts.models import Person
from intranet.config import Settings
from intranet.kernel import clock, outbox
from intranet.kernel.db import Database, Session
from intranet.kernel.rooms import SocketsEnded
from intranet.kernel.runtime import runtime
from intranet.kernel.tables import Base
from intranet.kernel.viewer import system
from intranet.operations.archive import write_archive
from intranet.operations.copying import CopyFailed
from intranet.operations.doctor import Finding, examine, neighbours
from intranet.operations.migrating import bring_up_to_date, newest_revision, revision_of
from intranet.operations.moving import CannotMove, Content, content_of, move
from intranet.operations.reaching import Unusable
from intranet.operations.restoring import restore
from tests.cast import add_person
from tests.servers import PostgreSQL

pytestmark = pytest.mark.postgres

SYSTEM = system(reason="tests look at a moved database")
T = TypeVar("T")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """SQLite with two people and something that happened."""
    settings = Settings(data=tmp_path / "data", secret_key="only for tests")
    settings.data.mkdir()
    bring_up_to_date(settings)
    inside(settings, lambda session: [add_person(session, name) for name in ("alice", "bob")])
    inside(settings, lambda session: outbox.record(session, SocketsEnded(recipient_id=1)))
    return settings


def inside(settings: Settings, look: Callable[[Session], T]) -> T:
    database = Database(settings.database)
    try:
        return database.transact(SYSTEM, look)
    finally:
        database.engine.dispose()


def usernames(session: Session) -> list[str]:
    return sorted(session.scalars(select(Person.username)))


def test_an_empty_postgresql_database_is_brought_up(settings: Settings, postgresql: PostgreSQL) -> None:
    there = replace(settings, database_url=postgresql.empty())
    assert bring_up_to_date(there) is None
    database = Database(there.database)
    with database.engine.connect() as connection:
        assert revision_of(connection) == newest_revision()
    database.engine.dispose()


def test_a_database_that_knows_no_unicode_is_refused(settings: Settings, postgresql: PostgreSQL) -> None:
    there = replace(settings, database_url=postgresql.of_bytes())
    with pytest.raises(Unusable, match=r"keeps texts as SQL_ASCII: make it with: create database .* encoding 'UTF8'"):
        bring_up_to_date(there)
    with pytest.raises(Unusable, match="SQL_ASCII"):
        move(settings, there.database_url, tell=lambda *_: None)
    with create_app(there).app_context():
        told = {one.subject: one for one in examine(runtime())}
        runtime().database.engine.dispose()
    assert "SQL_ASCII" in told["PostgreSQL"].state
    assert "encoding 'UTF8'" in told["PostgreSQL"].remedy


def test_programs_that_cannot_copy_the_database_are_found(
    settings: Settings, postgresql: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = replace(settings, database_url=postgresql.empty())
    bring_up_to_date(there)

    def looked_at() -> Finding:
        with create_app(there).app_context():
            found = {one.subject: one for one in neighbours.look(runtime())}
            runtime().database.engine.dispose()
        return found["copies of PostgreSQL"]

    assert looked_at().remedy == ""
    for name in ("pg_dump", "pg_restore", "psql"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert looked_at().state == "made by pg_dump 9.6.24"
    assert "as new as the server (postgresql-client-" in looked_at().remedy
    (tmp_path / "psql").unlink()
    assert looked_at().state == "psql missing"


def test_everything_moves_and_numbering_goes_on(settings: Settings, postgresql: PostgreSQL) -> None:
    url = postgresql.empty()
    told: dict[str, Content] = {}
    move(settings, url, tell=told.__setitem__)
    there = replace(settings, database_url=url)

    assert told["people"].rows == 2
    assert inside(there, usernames) == ["alice", "bob"] == inside(settings, usernames)
    before = inside(there, outbox.newest_id)
    inside(there, lambda session: outbox.record(session, SocketsEnded(recipient_id=2)))
    assert inside(there, outbox.newest_id) > before


def test_words_that_mean_something_to_a_copying_server_arrive_as_they_are(
    settings: Settings, postgresql: PostgreSQL
) -> None:
    """COPY tells rows from columns, and nothing from something, by signs that people may type."""
    awkward = ["\\N", "\\.", "a\tb\\tc", "two\nlines\r\n", "", "苏轼 عمر 👩‍🔬"]

    def call_them(session: Session) -> None:
        for number, name in enumerate(awkward):
            add_person(session, f"n{number}").name = name

    inside(settings, call_them)
    url = postgresql.empty()
    move(settings, url, tell=lambda *_: None)

    def names(session: Session) -> list[str]:
        return list(session.scalars(select(Person.name).where(Person.username.like("n_")).order_by(Person.username)))

    assert inside(replace(settings, database_url=url), names) == awkward


def test_every_kind_of_value_counts_in_a_checksum() -> None:
    samples = {
        bool: True,
        int: 7,
        float: 0.5,
        str: "苏轼",
        bytes: b"\x00",
        list: [1],
        dict: {"a": [None]},
        date: date(2026, 11, 22),
    }
    for table in Base.metadata.tables.values():
        for column in table.columns:
            kept = getattr(column.type, "impl", column.type)
            kind = dict if isinstance(kept, JSON) else kept.python_type
            sample = next((value for known, value in samples.items() if issubclass(kind, known)), None)
            assert sample is not None, f"{column} holds a {kind}"
    rows: list[Any] = [(*samples.values(), None, clock.now(), day) for day in (date(2026, 11, 22), date(2026, 11, 23))]
    one, other = (Content().with_rows([row]) for row in rows)
    assert one.rows == other.rows == 1
    assert one.checksum != other.checksum


class Interrupted(Exception):
    """The person at the keyboard had enough, or the line broke."""


def interrupt_after(wanted: str) -> Callable[[str, Content], None]:
    def tell(table: str, _content: Content) -> None:
        if table == wanted:
            raise Interrupted

    return tell


def test_an_interrupted_move_goes_on_and_ends_equal(settings: Settings, postgresql: PostgreSQL) -> None:
    url = postgresql.empty()
    with pytest.raises(Interrupted):
        move(settings, url, tell=interrupt_after("people"))
    told: dict[str, Content] = {}
    move(settings, url, tell=told.__setitem__)

    for address in (settings.database, url):
        database = Database(address)
        with database.engine.connect() as connection:
            tables = [table for table in Base.metadata.sorted_tables if table.name in told]
            assert {table.name: content_of(connection, table) for table in tables} == told
        database.engine.dispose()
    with pytest.raises(CannotMove, match="people in that database already"):  # it has ended: nothing goes on twice
        move(settings, url, tell=lambda *_: None)


def test_a_move_does_not_go_on_over_what_has_changed_since(settings: Settings, postgresql: PostgreSQL) -> None:
    url = postgresql.empty()
    with pytest.raises(Interrupted):
        move(settings, url, tell=interrupt_after("people"))
    inside(settings, lambda session: add_person(session, "mallory"))
    with pytest.raises(CannotMove, match="people has changed since"):
        move(settings, url, tell=lambda *_: None)


_CORRUPTING = (
    "CREATE FUNCTION corrupt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = 'X'; RETURN NEW; END $$",
    "CREATE TRIGGER corrupt BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION corrupt()",
)


def test_a_row_that_arrives_otherwise_stops_the_move(settings: Settings, postgresql: PostgreSQL) -> None:
    url = postgresql.empty()
    bring_up_to_date(replace(settings, database_url=url))
    database = Database(url)
    with database.engine.begin() as connection:
        for statement in _CORRUPTING:
            connection.exec_driver_sql(statement)
    database.engine.dispose()
    with pytest.raises(CannotMove, match=r"people: 2 rows with checksum \w+ went in, 2 with \w+ arrived"):
        move(settings, url, tell=lambda *_: None)


def test_nothing_moves_on_top_of_people(settings: Settings, postgresql: PostgreSQL) -> None:
    url = postgresql.empty()
    move(settings, url, tell=lambda *_: None)
    with pytest.raises(CannotMove, match="people in that database already"):
        move(settings, url, tell=lambda *_: None)


def test_a_backup_of_postgresql_comes_back(settings: Settings, postgresql: PostgreSQL, tmp_path: Path) -> None:
    there = replace(settings, database_url=postgresql.empty())
    move(settings, there.database_url, tell=lambda *_: None)
    write_archive(there, tmp_path / "backup")
    inside(there, lambda session: add_person(session, "mallory"))

    restore(there, tmp_path / "backup")

    assert inside(there, usernames) == ["alice", "bob"]
    assert inside(there, lambda session: session.scalar(select(func.count(outbox.OutboxEvent.id)))) == 1


def test_a_backup_that_finds_no_room_changes_nothing(
    settings: Settings, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    there = replace(settings, database_url=postgresql.empty())
    move(settings, there.database_url, tell=lambda *_: None)
    write_archive(there, tmp_path / "backup")
    inside(there, lambda session: add_person(session, "carol"))
    with psycopg.connect(there.database_url, autocommit=True) as connection:
        connection.execute("DROP TABLE polls CASCADE")
        connection.execute("CREATE VIEW polls AS SELECT 1")  # somebody's own, where the backup has a table
    (there.files_folder / "aa").mkdir(parents=True)

    with pytest.raises(CopyFailed, match='"polls" already exists'):
        restore(there, tmp_path / "backup")

    assert inside(there, usernames) == ["alice", "bob", "carol"]
    assert (there.files_folder / "aa").is_dir()


def test_a_hundred_questions_have_the_same_answers_after_a_move(postgresql: PostgreSQL, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "company", secret_key="only for tests")
    company.make_company(settings, posts=150)
    questions = company.questions_of(settings)
    before = company.answers(settings, questions)
    url = postgresql.empty()
    move(settings, url, tell=lambda *_: None)
    assert len(questions) == 100
    assert sum(map(bool, before)) > 60, "hardly anybody is named: the test shows little"
    assert company.answers(replace(settings, database_url=url), questions) == before
