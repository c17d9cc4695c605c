"""Databases as earlier versions left them: brought to any step, with rows in every table, and what became of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    select,
)

from intranet.kernel.db import Database
from intranet.kernel.tables import Base
from intranet.operations.migrating import STEPS

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
# What steps change on purpose; every other value stays as it was.
CHANGED = {("outbox_cursors", "host"): "one cursor for all hosts, in place of one for each"}
GONE = {
    ("notice_rhythms", "snoozed_until"): "the profile's focus is the one home for being left alone, and took it over",
    ("chat_choices", "quiet_until"): "as above",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A row as it was once written."""

    table: str
    keys: Mapping[str, Any]
    values: Mapping[str, Any]


def all_steps() -> list[str]:
    """Every revision, the first one first."""
    return [step.revision for step in ScriptDirectory(str(STEPS)).walk_revisions()][::-1]


def fill(database: Database, *, first: int = 1000) -> list[Written]:
    """One more row in every table, numbered from ``first`` on so that it is like no other."""
    there = MetaData()
    there.reflect(database.engine)
    filled: dict[str, RowMapping] = {}
    with database.engine.execution_options(couth_write=True).begin() as connection:
        for number, table in enumerate(there.sorted_tables, start=first):
            if table.name == "alembic_version":
                continue
            row = {column.name: _value_for(table, column, number, filled) for column in table.columns}
            connection.execute(table.insert().values(row))
            keys = [column == row[column.name] for column in table.primary_key.columns]
            filled[table.name] = connection.execute(select(table).where(*keys)).mappings().one()
    return [
        Written(name, {column.name: row[column.name] for column in there.tables[name].primary_key.columns}, dict(row))
        for name, row in filled.items()
    ]


def require_kept(connection: Connection, written: list[Written]) -> None:
    """Each row is there, every value as it was or as a step is known to leave it.

    Raises:
        AssertionError: something is gone or altered.
    """
    now = MetaData()
    now.reflect(connection)
    for row in written:
        _require_row(connection, now, row)


def _require_row(connection: Connection, now: MetaData, row: Written) -> None:
    assert row.table in now.tables, f"{row.table} is gone"
    table = now.tables[row.table]
    kept = {name: value for name, value in row.values.items() if (row.table, name) not in {*CHANGED, *GONE}}
    gone = kept.keys() - table.c.keys()
    assert not gone, f"{row.table} lost {gone}, and GONE does not say why"
    keys = [table.c[name] == kept[name] for name in row.keys if name in kept]
    found = connection.execute(select(*(table.c[name] for name in kept)).where(*keys)).mappings().one()
    assert found == kept, row.table


def _value_for(table: Table, column: Column[Any], number: int, filled: Mapping[str, RowMapping]) -> Any:
    """Something that column can hold, and that the product can read."""
    for key in column.foreign_keys:
        target = key.column.table.name
        return filled[target][key.column.name] if target in filled else None
    known = Base.metadata.tables.get(table.name)
    kind = known.c[column.name].type if known is not None and column.name in known.c else column.type
    if isinstance(kind, Enum):
        return kind.enums[number % len(kind.enums)]
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(column.type, Date):
        return MOMENT.date()
    if isinstance(column.type, DateTime):
        return MOMENT if column.type.timezone else MOMENT.replace(tzinfo=None)
    if isinstance(column.type, LargeBinary):
        return f"kept {number}".encode()
    if isinstance(column.type, Integer):
        return number
    length = getattr(column.type, "length", None) or 40
    return f"{number} {table.name} {column.name} \u0645\u0631\u062d\u0628\u0627 \U0001f41f"[:length]
