"""From one database to another, SQLite to PostgreSQL say: every row of every table, in one transaction.

It speaks to tables, not to sessions: a copy of everything is nobody's view, and no viewer's filter may thin it out.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Column, Connection, Integer, Table, bindparam, delete, func, insert, inspect, select, update

from intranet.config import Settings
from intranet.kernel.db import Database
from intranet.kernel.tables import Base
from intranet.operations.migrating import bring_up_to_date, require_newest

BATCH = 1000
Progress = Callable[[str, int], None]


class CannotMove(Exception):
    """Nothing was moved; the text is one line."""


def move(settings: Settings, url: str, *, tell: Progress) -> int:
    """Copy all rows to the database at ``url``, which must hold nobody yet; returns how many.

    ``tell(table, rows)`` hears of each table that is done. The old database is left as it was.

    Raises:
        CannotMove: people are there already, or a table arrived incomplete; the new database is as before.
        CannotMigrate: one of the two is not at this code's version.
    """
    bring_up_to_date(replace(settings, database_url=url))
    old, new = Database(settings.database), Database(url)
    try:
        require_newest(old)
        writing = new.engine.execution_options(couth_write=True)
        with old.engine.connect() as source, writing.begin() as target:
            if target.scalar(select(func.count()).select_from(Base.metadata.tables["people"])):
                raise CannotMove("there are people in that database already: name an empty one")
            made = set(inspect(target).get_table_names())
            tables = [table for table in Base.metadata.sorted_tables if table.name in made]
            for table in reversed(tables):
                target.execute(delete(table))  # rows that a migration plants come over with the rest
            return sum(_copy(source, target, table, tell) for table in tables)
    finally:
        old.engine.dispose()
        new.engine.dispose()


def _copy(source: Connection, target: Connection, table: Table, tell: Progress) -> int:
    own = _references_to_itself(table)
    copied = 0
    rows = source.execute(select(table).execution_options(yield_per=BATCH))
    for batch in rows.mappings().partitions(BATCH):
        # A row may point to one that comes later, so such references are filled in when all rows are there.
        target.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in batch])
        copied += len(batch)
    for name in own:
        _fill_in(source, target, table, table.c[name])
    arrived = target.scalar(select(func.count()).select_from(table))
    if arrived != copied:
        raise CannotMove(f"{table.name}: {copied} rows went in and {arrived} arrived")
    _continue_numbering(target, table)
    tell(table.name, copied)
    return copied


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
