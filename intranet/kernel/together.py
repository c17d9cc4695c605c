"""Several small reads in one statement.

A page needs many small facts about the same rows. Each asked by itself costs a statement; here any number of selects
become one ``UNION ALL`` whose rows carry their values as a JSON array, so that the selects need not have the same
columns. The session's filter guards each of them as it guards any other.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Dialect,
    Enum,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from intranet.kernel.prepared import Prepared, row_shape
from intranet.kernel.tables import BigId, UtcDateTime

READER: Any = bindparam("reader", type_=BigId)
NOW: Any = bindparam("now", type_=UtcDateTime)
"""Places of a prepared select: who reads, and when. Others are ``bindparam`` too, or ``among``."""

Rows: TypeAlias = "Select[*tuple[Any, ...]]"  # a select of any columns


@dataclass(frozen=True, slots=True)
class Several:
    """Selects that became one statement, made once for a page that needs it again and again."""

    statement: Prepared
    readers: "_Readers"

    def read(self, session: Session, values: Mapping[str, Any] | None = None) -> dict[str, list[Any]]:
        """The rows of each select under its name; ``values`` fill the places (``bindparam``) that it left open."""
        return _by_part(self.statement.rows(session, values), self.readers)


def on_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


class _Listed(TypeDecorator[Iterable[Any]]):
    """Any number of values as one: a JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, _dialect: Dialect) -> str:
        return json.dumps(list(value or ()))


def among(name: str, *, is_sqlite: bool, of: Any = BigInteger) -> Any:
    """What ``column.in_(…)`` takes where the numbers, or values of another type, come with the run, as a list under
    ``name``.

    The statement stays the same however many there are. And SQLite prefers the audience's index to a hundred keys that
    it is given one by one, and reads every post that the viewer may read; as a list of their own they are looked up.
    """
    if not is_sqlite:
        return select(func.unnest(bindparam(name, type_=ARRAY(of))))
    listed = func.json_each(bindparam(name, type_=_Listed)).table_valued(column("value", of))
    return select(listed.c.value)


def listing(make: Callable[[Callable[..., Any]], Rows]) -> Callable[..., list[Any]]:
    """Reads ``make(among)``, a select of columns with places for lists alone; ``read(session, ids=…)`` gives its rows.

    It is prepared once for each kind of database.
    """

    @lru_cache(maxsize=2)
    def prepared(is_sqlite: bool) -> Prepared:
        return Prepared(make(partial(among, is_sqlite=is_sqlite)))

    def read(session: Session, **lists: Iterable[Any]) -> list[Any]:
        return prepared(on_sqlite(session)).rows(session, {name: list(listed) for name, listed in lists.items()})

    return read


def several(parts: Mapping[str, Rows], *, is_sqlite: bool) -> Several:
    """These selects, of which there must be one at least, as one statement.

    Names are our own words, never input. Rows come in the order of their select only where that has a limit; where the
    order matters, sort by a column.
    """
    statement, readers = _united(parts, is_sqlite=is_sqlite)
    return Several(Prepared(statement), readers)


def together(session: Session, parts: Mapping[str, Rows]) -> dict[str, list[Any]]:
    """The rows of each select under its name; a row has its columns as attributes. One statement, none for no parts."""
    if not parts:
        return {}
    statement, readers = _united(parts, is_sqlite=on_sqlite(session))
    return _by_part(session.execute(statement), readers)


def _united(parts: Mapping[str, Rows], *, is_sqlite: bool) -> "tuple[Any, _Readers]":
    array = func.json_array if is_sqlite else func.json_build_array
    tables = {name: part.subquery(f"part_{name}") for name, part in parts.items()}
    readers = {name: _reader(tuple(table.c.keys()), tuple(map(_decoder, table.c))) for name, table in tables.items()}
    asked: list[Rows] = [
        select(literal_column(f"'{name}'").label("part"), cast(array(*table.c), Text).label("found"))
        for name, table in tables.items()
    ]
    return union_all(*asked), readers


def _by_part(rows: Iterable[Any], readers: "_Readers") -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in readers}
    for name, row in rows:
        found[name].append(readers[name](json.loads(row)))
    return found


_Decoder = Callable[[Any], Any]
_Reader = Callable[[list[Any]], Any]
_Readers = Mapping[str, _Reader]


def _reader(keys: tuple[str, ...], decoders: tuple[_Decoder | None, ...]) -> _Reader:
    shape = row_shape(keys)
    odd = [(place, decode) for place, decode in enumerate(decoders) if decode is not None]

    def read(values: list[Any]) -> Any:
        for place, decode in odd:
            if values[place] is not None:
                values[place] = decode(values[place])
        return shape._make(values)

    return read


def _decoder(column: Any) -> _Decoder | None:
    """What turns the JSON value of a column into what the column itself would give."""
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, UtcDateTime):
        return _moment
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class
    if isinstance(kind, JSON):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    return None


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
