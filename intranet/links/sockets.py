"""A connection to an address that was checked, with one time for all of it however slowly bytes drip.

Sockets are opened here rather than by a library, so that the checked address is the one connected to and no proxy
stands in between.
"""

import io
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from intranet.links.addresses import Target


class Clock:
    """The time that is left for all of it together."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, always more than none.

        Raises:
            TimeoutError: it is over.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("took too long")
        return left


class _Stream(io.RawIOBase):
    """Reads a socket; every read may take what is left of the whole time, not a time of its own."""

    def __init__(self, connection: socket.socket, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # a writable buffer, as its callers give
        self._connection.settimeout(self._clock.left())
        return self._connection.recv_into(buffer)


class Source:
    """What ``http.client`` wants of a socket."""

    def __init__(self, connection: socket.socket, clock: Clock) -> None:
        self._stream = _Stream(connection, clock)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._stream)


@contextmanager
def opened(target: Target, clock: Clock) -> Iterator[socket.socket]:
    """A socket to the target, sealed where its scheme says so.

    Raises:
        OSError: nobody answers, not in time, or not with a certificate for that name.
    """
    with socket.create_connection((target.address, target.port), timeout=clock.left()) as plain:
        if target.scheme == "http":
            yield plain
            return
        plain.settimeout(clock.left())
        with ssl.create_default_context().wrap_socket(plain, server_hostname=target.host) as safe:
            yield safe
