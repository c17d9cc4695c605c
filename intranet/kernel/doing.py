"""What is being done right now and under which id: the thread that leads from a request through its events to the jobs
that follow, by which one person's complaint is found in the logs of every process."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

LONGEST_ID = 64
_USABLE = re.compile(rf"[A-Za-z0-9_-][A-Za-z0-9._-]{{7,{LONGEST_ID - 1}}}")


@dataclass(slots=True)
class Doing:
    """One request, socket call, delivery or job; ``statements`` counts what it asked of the database."""

    request_id: str
    statements: int = 0
    began: float = field(default_factory=time.perf_counter)

    @property
    def milliseconds(self) -> float:
        return round((time.perf_counter() - self.began) * 1000, 1)


_current: ContextVar[Doing | None] = ContextVar("doing", default=None)


def current() -> Doing | None:
    """None between two things."""
    return _current.get()


def request_id() -> str | None:
    """Under which id this is done; None where nobody asked for it."""
    doing = _current.get()
    return doing.request_id if doing else None


def begin(given: str | None = None) -> Doing:
    """Begin under an id that was given, or under a new one where that cannot be used; ``end`` it."""
    usable = given is not None and _USABLE.fullmatch(given)
    doing = Doing(given if given and usable else secrets.token_hex(8))
    _current.set(doing)
    return doing


def end() -> None:
    """It is done."""
    _current.set(None)


@contextmanager
def under(given: str | None = None) -> Iterator[Doing]:
    """``begin`` and ``end``, and then what was being done before."""
    before = _current.get()
    try:
        yield begin(given)
    finally:
        _current.set(before)


def count_statement(*_about: object) -> None:
    """One more statement for the database."""
    doing = _current.get()
    if doing is not None:
        doing.statements += 1
