"""The one source of the time of day, so that tests can stop it, and of the zones in which it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import overload
from zoneinfo import available_timezones

_fixed: ContextVar[datetime | None] = ContextVar("fixed time", default=None)


def now() -> datetime:
    """The present as an aware UTC datetime."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Stop the clock at ``moment`` (aware) inside the block."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA zone of this machine; looked for once, since that takes some milliseconds."""
    return frozenset(available_timezones())


@overload
def iso(moment: datetime) -> str: ...
@overload
def iso(moment: datetime | None) -> str | None: ...
def iso(moment: datetime | None) -> str | None:
    """A time as programs get it: ISO 8601 in UTC, with ``Z``."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
