"""One row of every guarded table, made from nothing but the table's own description: new tables are covered at once."""

from datetime import date
from enum import Enum
from importlib import import_module
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String
from sqlalchemy.orm import Mapper, Session

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.ids import new_id
from intranet.kernel.tables import Base, UtcDateTime
from tests.architecture.sources import ROOT, features

SECRET = "quiet heron zq8141x"  # the last word is nowhere else: where it shows, something leaks
OPEN = "open lark 2207"  # words of what everybody may read


def guarded_models() -> list[type[Base]]:
    """Every mapped class whose rows have an audience."""
    for feature in sorted(features()):
        if (ROOT / "intranet" / feature / "models.py").exists():
            import_module(f"intranet.{feature}.models")
    found: list[Any] = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, Guarded)]
    return sorted(found, key=lambda model: model.__name__)


class Stage:
    """Adds rows for one audience; whatever a row refers to is made too, in the same audience."""

    def __init__(self, session: Session, audience_id: int, person_id: int) -> None:
        self.session, self.audience_id, self.person_id = session, audience_id, person_id
        self.made: dict[str, Any] = {}
        self._mappers: dict[str, Mapper[Any]] = {
            mapper.class_.__tablename__: mapper for mapper in Base.registry.mappers
        }

    def row(self, model: type[Base]) -> Any:
        table = model.__tablename__
        if table not in self.made:
            mapper = self._mappers[table]
            self.made[table] = None  # a row that refers to its own kind refers to nobody
            words = SECRET if issubclass(model, Guarded) else OPEN
            values = {
                mapper.get_property_by_column(column).key: self._value(column, words)
                for column in mapper.local_table.columns
                if isinstance(column, Column) and self._is_needed(column)
            }
            self.made[table] = model(**values)
            self.session.add(self.made[table])
            self.session.flush()
        return self.made[table]

    def _is_needed(self, column: "Column[Any]") -> bool:
        has_default = column.default is not None or column.server_default is not None
        return not column.nullable and not has_default

    def _value(self, column: "Column[Any]", words: str) -> Any:
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column
            if target.table.name == "people":
                return self.person_id
            if target.table.name == "audiences":
                return self.audience_id
            return getattr(self.row(self._mappers[target.table.name].class_), target.name)
        if column.primary_key and isinstance(column.type, Integer | BigInteger):
            return new_id()
        return _sample(column, words)


def _sample(column: "Column[Any]", words: str) -> Any:
    if isinstance(column.type, UtcDateTime):
        return clock.now()
    kind = column.type.python_type
    if kind is date:
        return clock.now().date()
    if issubclass(kind, Enum):
        return next(iter(kind))
    if kind is str:
        length = column.type.length if isinstance(column.type, String) else None
        return words[:length]
    return kind() if kind in {dict, list} else kind(1)
