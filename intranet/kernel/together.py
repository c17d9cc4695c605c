"""Several small reads in one statement.

A page needs many small facts about the same rows. Each asked by itself costs a statement; here any number of selects
become one ``UNION ALL`` whose rows carry their values as a JSON array, so that the selects need not have the same
columns. The session's filter guards each of them as it guards any other.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, Self, TypeAlias, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Dialect,
    Enum,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from intranet.kernel.prepared import Prepared, row_shape
from intranet.kernel.tables import BigId, UtcDateTime

READER: Any = bindparam("reader", type_=BigId)
NOW: Any = bindparam("now", type_=UtcDateTime)
"""Places of a prepared select: who reads, and when. Others are ``bindparam`` too, or ``Writing.among``."""

Rows: TypeAlias = "Select[*tuple[Any, ...]]"  # a select of any columns


@dataclass(frozen=True, slots=True)
class Several:
    """Selects that became one statement, made once for a page that needs it again and again."""

    statement: Prepared
    readers: "_Readers"

    def read(self, session: Session, values: Mapping[str, Any] | None = None) -> dict[str, list[Any]]:
        """The rows of each select under its name; ``values`` fill the places (``bindparam``) that it left open."""
        return _by_part(self.statement.rows(session, values), self.readers)


class _Listed(TypeDecorator[Iterable[Any]]):
    """Any number of values as one: a JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, _dialect: Dialect) -> str:
        return json.dumps(list(value or ()))


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes what differs between kinds of database, so that whoever makes a statement need not know the kind."""

    _is_sqlite: bool

    @classmethod
    def of(cls, session: Session) -> Self:
        """As this session's database wants it."""
        return cls(session.get_bind().dialect.name == "sqlite")

    def among(self, name: str, *, of: Any = BigInteger) -> Any:
        """What ``column.in_(…)`` takes where the numbers, or values of another type, come with the run, as a list under
        ``name``.

        The statement stays the same however many there are. And SQLite prefers the audience's index to a hundred keys
        that it is given one by one, and reads every post that the viewer may read; as a list of their own they are
        looked up.
        """
        if not self._is_sqlite:
            return select(func.unnest(bindparam(name, type_=ARRAY(of))))
        listed = func.json_each(bindparam(name, type_=_Listed)).table_valued(column("value", of))
        return select(listed.c.value)

    def for_each(self, row: FromClause, ids: Select[int]) -> Select[int]:
        """What ``ids``, which depends on ``row``, finds for each row of it.

        SQLite has no LATERAL, but its table functions may depend on the row beside them. Joining the table itself would
        let it begin with everything that the reader may read, and ask anew for each.
        """
        asked = ids.correlate(row)
        if not self._is_sqlite:
            each = asked.lateral()
            return select(each.c.id).select_from(row).join(each, true())
        listed = select(func.json_group_array(asked.subquery().c.id)).correlate(row).scalar_subquery()
        value = func.json_each(listed).table_valued(column("value", BigId))
        return select(value.c.value.label("id")).select_from(row).join(value, true())

    def several(self, parts: Mapping[str, Rows]) -> Several:
        """These selects, of which there must be one at least, as one statement.

        Names are our own words, never input. Rows come in the order of their select only where that has a limit; where
        the order matters, sort by a column.
        """
        statement, readers = self.united(parts)
        return Several(Prepared(statement), readers)

    def united(self, parts: Mapping[str, Rows]) -> "tuple[Any, _Readers]":
        """The statement of ``several``, and what reads its rows."""
        array = func.json_array if self._is_sqlite else func.json_build_array
        tables = {name: part.subquery(f"part_{name}") for name, part in parts.items()}
        readers = {
            name: _reader(tuple(found.c.keys()), tuple(map(_decoder, found.c))) for name, found in tables.items()
        }
        asked: list[Rows] = [
            select(literal_column(f"'{name}'").label("part"), cast(array(*found.c), Text).label("found"))
            for name, found in tables.items()
        ]
        return union_all(*asked), readers


P = ParamSpec("P")
Made = TypeVar("Made")


def made_once(make: Callable[Concatenate[Writing, P], Made]) -> Callable[Concatenate[Session, P], Made]:
    """What ``make`` writes, once for each kind of database and whatever else it is asked with: building a statement
    takes longer than running it."""
    kept: Callable[..., Made] = lru_cache(maxsize=64)(make)

    def made(session: Session, /, *given: P.args, **named: P.kwargs) -> Made:
        return kept(Writing.of(session), *given, **named)

    return made


def listing(make: Callable[[Callable[..., Any]], Rows]) -> Callable[..., list[Any]]:
    """Reads ``make(among)``, a select of columns with places for lists alone; ``read(session, ids=…)`` gives its rows.

    It is prepared once for each kind of database.
    """
    prepared = made_once(lambda writing: Prepared(make(writing.among)))

    def read(session: Session, **lists: Iterable[Any]) -> list[Any]:
        return prepared(session).rows(session, {name: list(listed) for name, listed in lists.items()})

    return read


def together(session: Session, parts: Mapping[str, Rows]) -> dict[str, list[Any]]:
    """The rows of each select under its name; a row has its columns as attributes. One statement, none for no parts."""
    if not parts:
        return {}
    statement, readers = Writing.of(session).united(parts)
    return _by_part(session.execute(statement), readers)


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
