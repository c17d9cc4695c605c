"""Walking a table by its ids: in steps for one reader, and cut into parts for several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from intranet.kernel.ids import MAX_ID
from intranet.search.sources import NextKeys, Split

_SAMPLED = 499  # every so many-th id is looked at to find out where a table's middle is
_SMALL = 20_000


@dataclass(frozen=True, slots=True)
class Picked:
    """Which rows of a table: those with some ids, or a stretch of all. ``values`` go into a prepared statement."""

    is_stretch: bool
    values: Mapping[str, Any]


def among(keys: Sequence[str]) -> Picked:
    """Those with these keys."""
    return Picked(is_stretch=False, values={"ids": numbers(keys)})


def between(after: int, until: int | None) -> Picked:
    """Those after an id, up to and including another (None: to the end)."""
    return Picked(is_stretch=True, values={"after": after, "until": MAX_ID if until is None else until})


def stretch(after: str, until: str) -> Picked:
    """Those between two keys, where ``""`` is the beginning and the end."""
    return between(int(after or 0), int(until) if until else None)


def holds(column: "InstrumentedAttribute[int]", *, is_stretch: bool) -> "ColumnElement[bool]":
    """The condition of a statement that is prepared once and given ``Picked.values``."""
    if is_stretch:
        return and_(column > bindparam("after"), column <= bindparam("until"))
    return column.in_(bindparam("ids", expanding=True))


def numbers(keys: Sequence[str]) -> list[int]:
    """Keys that are ids in decimal."""
    return [int(key) for key in keys]


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
