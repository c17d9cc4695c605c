"""Walking a table by its ids: in steps for one reader, and cut into parts for several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from intranet.search.sources import NextKeys, Split
from search_index.engine import Document

_SAMPLED = 499  # every so many-th id is looked at to find out where a table's middle is
_SMALL = 20_000

Condition = Callable[["InstrumentedAttribute[int]"], "ColumnElement[bool]"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The ids after ``after``, up to and including ``until`` (None: to the end), at most ``limit`` rows."""

    after: int
    until: int | None
    limit: int

    def of(self, column: "InstrumentedAttribute[int]") -> "ColumnElement[bool]":
        """The condition on a column that holds such ids."""
        return column > self.after if self.until is None else column.between(self.after + 1, self.until)


def stretch(after: str, until: str, limit: int) -> Stretch:
    """A stretch between two keys, where ``""`` is the beginning and the end."""
    return Stretch(int(after or 0), int(until) if until else None, limit)


def among(ids: Sequence[int]) -> Condition:
    """The condition that a column holds one of these ids."""
    return lambda column: column.in_(ids)


def numbers(keys: Sequence[str]) -> list[int]:
    """Keys that are ids in decimal."""
    return [int(key) for key in keys]


def read_on(documents: list[Document], ids: Sequence[int], limit: int) -> tuple[list[Document], str]:
    """What a source's ``read`` answers: the documents, and the last id looked at, or ``""`` at the end."""
    return documents, str(ids[-1]) if len(ids) == limit else ""


def next_ids(column: "InstrumentedAttribute[int]", *conditions: "ColumnElement[bool]") -> NextKeys:
    """A source's ``next_keys`` for a table with ids."""

    def next_keys(session: Session, after: str, limit: int) -> list[str]:
        found = select(column).where(column > int(after or 0), *conditions).order_by(column).limit(limit)
        return [str(number) for number in session.scalars(found)]

    return next_keys


def split_by(column: "InstrumentedAttribute[int]") -> Split:
    """A source's ``split`` for a table with ids."""

    def split(session: Session, parts: int) -> list[str]:
        """A sample is enough, and unlike OFFSET it is read from an index alone: the last bits of an id are random."""
        sample: Any = select(column).where(column % _SAMPLED == 0)
        found = sorted(session.scalars(sample))
        if len(found) * _SAMPLED < _SMALL:
            found = list(session.scalars(select(column).order_by(column)))
        bounds = [found[len(found) * part // parts] for part in range(1, parts)] if found else []
        return [str(bound) for bound in dict.fromkeys(bounds)]

    return split
