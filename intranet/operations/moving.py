"""From one database to another, SQLite to PostgreSQL say: every row of every table, counted and summed on both sides.

It speaks to tables, not to sessions: a copy of everything is nobody's view, and no viewer's filter may thin it out.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)

from intranet.config import Settings
from intranet.kernel.db import Database
from intranet.kernel.tables import Base
from intranet.operations.migrating import bring_up_to_date, require_newest

BATCH = 1000

_progress = Table(
    "couth_moving",
    MetaData(),
    Column("table_name", String(80), primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("checksum", String(32), nullable=False),
)
"""What has arrived, in the new database for as long as a move is under way."""


class CannotMove(Exception):
    """Nothing was moved, or the move stopped between two tables; the text is one line."""


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and the sum of their hashes, which no order of rows changes."""

    rows: int = 0
    total: int = 0

    @property
    def checksum(self) -> str:
        return f"{self.total:032x}"

    def with_rows(self, rows: Sequence[Row[Any]]) -> "Content":
        total = self.total
        for row in rows:
            words = _in_words(tuple(row)).encode("utf-8", "surrogatepass")
            total += int.from_bytes(hashlib.blake2b(words, digest_size=16).digest())
        return Content(self.rows + len(rows), total % (1 << 128))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else bytes(value).hex()


_in_words = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_plain).encode

Progress = Callable[[str, Content], None]


def move(settings: Settings, url: str, *, tell: Progress) -> int:
    """Copy all rows to the database at ``url``, which must hold nobody yet; returns how many.

    Each table arrives as a whole and is read back; ``tell(table, content)`` hears of it. A move that was interrupted
    goes on with the first table that has not arrived. The old database is left as it was.

    Raises:
        CannotMove: people are there already, a table arrived otherwise than it went, or one that had arrived before an
            interruption has changed since.
        CannotMigrate: one of the two is not at this code's version.
    """
    bring_up_to_date(replace(settings, database_url=url))
    old, new = Database(settings.database), Database(url)
    try:
        require_newest(old)
        writing = new.engine.execution_options(couth_write=True)
        with old.engine.connect() as source:
            with writing.begin() as target:
                tables, arrived = _begin(target)
            for table in tables:
                if table.name in arrived:
                    _require_unchanged(source, table, arrived[table.name])
                else:
                    with writing.begin() as target:
                        arrived[table.name] = _take(source, target, table)
                tell(table.name, arrived[table.name])
            with writing.begin() as target:
                _progress.drop(target)
                if target.dialect.name == "postgresql":
                    target.exec_driver_sql("ANALYZE")  # until it has counted what came, it guesses how to read it
            return sum(content.rows for content in arrived.values())
    finally:
        old.engine.dispose()
        new.engine.dispose()


def content_of(connection: Connection, table: Table) -> Content:
    """What a table holds."""
    content = Content()
    rows = connection.execute(select(table).execution_options(yield_per=BATCH))
    for batch in rows.partitions(BATCH):
        content = content.with_rows(batch)
    return content


def _begin(target: Connection) -> tuple[list[Table], dict[str, Content]]:
    """The tables to move, in an order that references allow, and those that have arrived already."""
    made = set(inspect(target).get_table_names())
    tables = [table for table in Base.metadata.sorted_tables if table.name in made]
    if _progress.name in made:
        found = target.execute(select(_progress)).all()
        return tables, {name: Content(rows, int(checksum, 16)) for name, rows, checksum in found}
    if target.scalar(select(func.count()).select_from(Base.metadata.tables["people"])):
        raise CannotMove("there are people in that database already: name an empty one")
    for table in reversed(tables):
        target.execute(delete(table))  # rows that a migration plants come over with the rest
    _progress.create(target)
    return tables, {}


def _require_unchanged(source: Connection, table: Table, arrived: Content) -> None:
    if content_of(source, table) != arrived:
        raise CannotMove(f"{table.name} has changed since the move was interrupted: begin again with an empty database")


def _take(source: Connection, target: Connection, table: Table) -> Content:
    own = _references_to_itself(table)
    names = [column.name for column in table.columns]
    gone = Content()
    rows = source.execute(select(table).execution_options(yield_per=BATCH))
    for batch in rows.partitions(BATCH):
        # A row may point to one that comes later, so such references are filled in when all rows are there.
        _put(target, table, [{**dict(zip(names, row, strict=True)), **dict.fromkeys(own)} for row in batch])
        gone = gone.with_rows(batch)
    for name in own:
        _fill_in(source, target, table, table.c[name])
    arrived = content_of(target, table)
    if arrived != gone:
        raise CannotMove(
            f"{table.name}: {gone.rows} rows with checksum {gone.checksum} went in, "
            f"{arrived.rows} with {arrived.checksum} arrived"
        )
    _continue_numbering(target, table)
    target.execute(insert(_progress).values(table_name=table.name, rows=arrived.rows, checksum=arrived.checksum))
    return arrived


def _put(target: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows into a table: PostgreSQL takes them by COPY for a fraction of what as many INSERTs cost."""
    if target.dialect.name != "postgresql":
        target.execute(insert(table), rows)
        return
    names = [target.dialect.identifier_preparer.format_column(column) for column in table.columns]
    into = f"COPY {target.dialect.identifier_preparer.format_table(table)} ({', '.join(names)}) FROM STDIN"
    stored = [
        (column.name, column.type.dialect_impl(target.dialect).bind_processor(target.dialect) or _as_it_is)
        for column in table.columns
    ]
    driver: Any = target.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(into) as lines:
        for row in rows:
            lines.write_row([stored_as(row[name]) for name, stored_as in stored])


def _as_it_is(value: Any) -> Any:
    return value


def _references_to_itself(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table and key.parent.nullable]


def _fill_in(source: Connection, target: Connection, table: Table, column: Column[int]) -> None:
    keys = [key.label(f"key_{key.name}") for key in table.primary_key.columns]
    filled = source.execute(select(*keys, column.label("referred")).where(column.is_not(None)))
    matching = [key == bindparam(f"key_{key.name}") for key in table.primary_key.columns]
    change = update(table).where(*matching).values({column: bindparam("referred")})
    for batch in filled.mappings().partitions(BATCH):
        target.execute(change, [dict(row) for row in batch])


def _continue_numbering(target: Connection, table: Table) -> None:
    """PostgreSQL's counters know nothing of rows that brought their number along."""
    key = table.autoincrement_column
    if key is None or target.dialect.name != "postgresql" or not isinstance(key.type, Integer):
        return
    highest = target.scalar(select(func.max(key)))
    sequence = target.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
    if highest and sequence:
        target.execute(select(func.setval(sequence, highest)))
