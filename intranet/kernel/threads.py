"""Blocking work off the event loop: password hashes, searches, pictures.

Under eventlet a plain thread is a green one that stops every socket; ``wsgi.py`` puts a real thread pool here.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_execute: Callable[..., Any] | None = None


def use(execute: Callable[..., Any]) -> None:
    """Have ``execute(fn, *args, **kwargs)`` run blocking work (``eventlet.tpool.execute``, say)."""
    global _execute
    _execute = execute


def run_blocking(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` where it stalls nobody, and wait for its result. Never call it inside a transaction."""
    if _execute is None:
        return work(*args, **kwargs)
    result: T = _execute(work, *args, **kwargs)
    return result
