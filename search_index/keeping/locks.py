"""Locks between threads, and between processes."""

import fcntl
import os
from _queue import Empty, SimpleQueue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Mutex:
    """A lock between real threads.

    An event loop that replaces the locks of `threading` by its own makes them useless between the threads of a
    real pool, where the engine's methods run. A queue that holds one token is left alone by it. It cannot be
    taken twice by one thread.
    """

    def __init__(self) -> None:
        self._token: SimpleQueue[None] = SimpleQueue()
        self._token.put(None)

    def __enter__(self) -> None:
        self._token.get()

    def __exit__(self, *_error: object) -> None:
        self._token.put(None)

    def enter_if_free(self) -> bool:
        """Take it if nobody has it; whoever gets True leaves with `__exit__`."""
        try:
            self._token.get_nowait()
        except Empty:
            return False
        return True


WRITE = "WRITELOCK"
"""Held while one process swaps the manifest."""
REBUILD = "REBUILD"
"""Held while one process rebuilds."""


@contextmanager
def locked(directory: Path, name: str) -> Iterator[None]:
    """Hold a lock between processes; it falls with the process that holds it."""
    handle = os.open(directory / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def locked_if_free(directory: Path, name: str) -> Iterator[bool]:
    """Whether nobody held it; it is held inside if so."""
    handle = os.open(directory / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
