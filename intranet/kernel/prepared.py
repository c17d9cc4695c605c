"""Selects that are compiled once, with the session's filter in them, and then run as the text that they became.

Finding out what a statement is, collecting its values and wrapping its rows takes SQLAlchemy longer than SQLite needs
to run a small one, and a page asks some twenty. Entities are not for this: rows hold columns.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from intranet.kernel.db import Guard, filters, guard_of, viewer_of
from intranet.kernel.tables import BigId

_VIEWER = "couth_viewer"


class Prepared:
    """A select of columns. ``values`` fill the places (``bindparam`` without a value) that it left open; several
    numbers stand in one as ``together.Writing.among``, since the text has to be the same however many there are."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[tuple[str, Guard], _Form] = {}

    def rows(self, session: Session, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Its rows, with the columns as attributes."""
        form, found = self._run(session, values)
        return list(map(form.row, found))

    def scalars(self, session: Session, values: Mapping[str, Any] | None = None) -> list[Any]:
        """The first column of each row."""
        form, found = self._run(session, values)
        firsts = [row[0] for row in found]
        return firsts if form.first is None else list(map(form.first, firsts))

    def first(self, session: Session, values: Mapping[str, Any] | None = None) -> Any:
        """The first of its rows; None without one."""
        return next(iter(self.rows(session, values)), None)

    def scalar(self, session: Session, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row; None without one."""
        found = self.first(session, values)
        return None if found is None else found[0]

    def _run(self, session: Session, values: Mapping[str, Any] | None) -> "tuple[_Form, Any]":
        viewer = viewer_of(session)
        if session.autoflush:  # what this session changed is to be found, as by any other select
            session.flush()
        connection = session.connection()
        key = (connection.dialect.name, guard_of(viewer))
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _compiled(self._statement, key[1], connection.dialect)
        return form, _asked(connection, form.text, form.filled({**(values or {}), _VIEWER: viewer.id}))


def _asked(connection: Connection, text: str, given: Any) -> Sequence[Any]:
    """The rows as the driver gives them. What SQLAlchemy does around a statement takes longer than SQLite's answer, so
    SQLite is asked directly: whoever listens to statements hears of it all the same, and errors are wrapped."""
    if connection.dialect.name != "sqlite":
        return connection.exec_driver_sql(text, given).all()
    cursor: Any = connection.connection.cursor()
    for listen in connection.dispatch.before_cursor_execute:
        listen(connection, cursor, text, given, None, False)
    try:
        cursor.execute(text, given)
        found: list[Any] = cursor.fetchall()
    except sqlite3.Error as error:
        # As the engine itself words it (see ``db``): without what people wrote.
        raise DBAPIError.instance(text, given, error, sqlite3.Error, hide_parameters=True) from error
    return found


Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a select became for one kind of database and of viewer."""

    text: str
    fixed: Mapping[str, Any]
    places: tuple[tuple[str, Convert | None], ...]
    order: tuple[str, ...] | None
    row: Convert
    first: Convert | None

    def filled(self, values: Mapping[str, Any]) -> Any:
        """Parameters for the driver: by their order where it counts them, else by name."""
        given = dict(self.fixed)
        for name, convert in self.places:
            given[name] = convert(values[name]) if convert else values[name]
        return given if self.order is None else tuple([given[name] for name in self.order])


def _compiled(statement: Any, guard: Guard, dialect: Dialect) -> _Form:
    viewer: Any = None if guard is Guard.SIGNED_OUT else bindparam(_VIEWER, type_=BigId)
    compiled = statement.options(*filters(guard, viewer)).compile(dialect=dialect)
    places = [name for name, bind in compiled.binds.items() if bind.required]
    if any(compiled.binds[name].expanding for name in places):
        raise TypeError("what is prepared cannot grow with its values: say among(name) instead of expanding=True")
    expanded = compiled.construct_expanded_state(dict.fromkeys(places))
    own = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    converts: Mapping[str, Convert | None] = {**own, **expanded.processors}
    fixed = {name: value for name, value in expanded.parameters.items() if name not in places}
    for name, convert in converts.items():
        if convert and name in fixed:
            fixed[name] = convert(fixed[name])
    columns = statement.selected_columns
    read = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return _Form(
        text=expanded.statement,
        fixed=fixed,
        places=tuple((name, converts.get(name)) for name in places),
        order=None if expanded.positiontup is None else tuple(expanded.positiontup),
        row=_reader(row_shape(tuple(columns.keys())), read),
        first=read[0],
    )


def _reader(shape: Any, converts: Sequence[Convert | None]) -> Convert:
    """What turns a row as the driver gives it into one with attributes and the columns' own types."""
    odd = [(place, convert) for place, convert in enumerate(converts) if convert is not None]
    make: Convert = shape._make
    if not odd:
        return make

    def read(row: Any) -> Any:
        values = list(row)
        for place, convert in odd:
            values[place] = convert(values[place])
        return make(values)

    return read


@lru_cache(maxsize=256)
def row_shape(keys: tuple[str, ...]) -> Any:
    """The type of rows with these columns."""
    return namedtuple("Row", keys, rename=True)  # noqa: PYI024 (the fields are known only here)
