"""Which rows are somebody's: read from the tables themselves, so that a new table is in the copy by itself.

A column that refers to a person under one of the names below says whose the row is. That the row goes with its person
(``ON DELETE CASCADE``) says that it is about nobody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import inspect, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from intranet.kernel.tables import Base
from intranet.posts.anonymous.queries import written_unnamed
from intranet.posts.models import Comment, Post

# In this order: the first that a table has is its person.
_NAMES = ("person_id", "author_id", "owner_id", "follower_id", "endorser_id", "reporter_id", "written_by_id")
# Whoever is reported does not learn by whom; endorsements belong to both.
_OWN_NAMES = {"reports": ("reporter_id",), "endorsements": ("person_id", "endorser_id")}
# Secrets, what is worked out from another column, and what others decided.
_UNTOLD = ("_hash", "sha256", "folded_", "html", "key")
_UNTOLD_OF = {"reports": ("decided_by_id", "note", "quote"), "data_copies": ("id",)}
# Rows that name a person and are no belongings of theirs.
NOT_THEIRS = {
    "successions": "an admin's decision, which the home page tells its readers",
    "chat_inspections": "what an administrator did in office, which those concerned are told",
    "same_questions": "who saw that a question was asked before",
}
# They go with their person, but what they say is somebody else's: who is on whose private list, who made a link.
_NOT_TOLD = frozenset({"people_list_entries", "one_time_links"})
_STRETCH = 500


@dataclass(frozen=True, slots=True)
class Belonging:
    """A table with the columns that say whose a row is."""

    model: type[Base]
    owners: tuple[str, ...]
    goes_with_person: bool

    @property
    def is_told(self) -> bool:
        """Whether its rows are in the copy."""
        return self.name not in _NOT_TOLD

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def keys(self) -> tuple["InstrumentedAttribute[Any]", ...]:
        """The primary key's columns."""
        mapper = inspect(self.model)
        return tuple(getattr(self.model, mapper.get_property_by_column(column).key) for column in mapper.primary_key)

    def stretch(
        self, session: Session, person_id: int, after: tuple[Any, ...] | None, *, with_unnamed: bool = False
    ) -> list[Any]:
        """The next rows that are theirs and that the session's viewer may read, by key; ``with_unnamed`` also what
        they wrote under nobody's name, which nobody but they may learn."""
        mine = [getattr(self.model, owner) == person_id for owner in self.owners]
        if with_unnamed and self.model in {Post, Comment}:
            mine.append(self.keys[0].in_(written_unnamed(person_id)))
        found = select(self.model).where(or_(*mine))
        if after is not None:
            found = found.where(tuple_(*self.keys) > after)
        return list(session.scalars(found.order_by(*self.keys).limit(_STRETCH)))

    def key_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, key.key) for key in self.keys)

    def told(self, row: Any) -> dict[str, Any]:
        """A row as it stands in the copy."""
        hidden = _UNTOLD_OF.get(self.name, ())
        return {
            attribute.key: plain(getattr(row, attribute.key))
            for attribute in inspect(self.model).column_attrs
            if attribute.key not in hidden and not any(part in attribute.key for part in _UNTOLD)
        }


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int) and not isinstance(value, bool) and value > 1 << 53:
        return str(value)  # ids: JSON's numbers are too short for them
    return value.isoformat() if hasattr(value, "isoformat") else value


def _people_columns(model: type[Base]) -> dict[str, bool]:
    """The columns that refer to a person, each with whether the row goes when the person does."""
    return {
        column.name: key.ondelete == "CASCADE"
        for column in inspect(model).columns
        for key in column.foreign_keys
        if key.column.table.name == "people"
    }


def models() -> list[type[Base]]:
    """Every mapped class, by the name of its table."""
    found: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted(found, key=lambda model: str(model.__tablename__))


def belongings() -> Iterator[Belonging]:
    """Every table with rows that are somebody's, by name."""
    for model in models():
        named = _people_columns(model)
        if model.__tablename__ in NOT_THEIRS or not named:
            continue
        owners = _OWN_NAMES.get(model.__tablename__) or tuple(name for name in _NAMES if name in named)[:1]
        if owners:
            yield Belonging(model, owners, all(named[owner] for owner in owners))


def unclaimed() -> list[str]:
    """Tables that name a person and that nobody has thought about; empty where all is well."""
    known = {belonging.name for belonging in belongings()} | NOT_THEIRS.keys()
    return [
        str(model.__tablename__) for model in models() if _people_columns(model) and model.__tablename__ not in known
    ]
