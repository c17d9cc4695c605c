"""Telling other processes on this machine, beside a SQLite file, that something was committed.

Whoever waits hangs up a bell in a folder beside the file: a named pipe. Whoever commits rings them all. A bell whose
process has ended, however that came about, is taken down by the next who would ring it.
"""

import errno
import logging
import os
import secrets
import select
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

_NEW = ".new"  # not to be rung yet: nobody listens


class Bells:
    """Those in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hang(self) -> "Bell":
        """One more, for this process to listen to; one that nobody can ring where the disk takes no named pipes."""
        try:
            return Bell(self._hung())
        except OSError as error:
            log.warning(
                "no bell can hang in %s (%s): what others store is seen up to a second late", self._folder, error
            )
            silent, _held = os.pipe()
            return Bell(silent)

    def _hung(self) -> int:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / secrets.token_hex(8)
        new = path.with_suffix(_NEW)
        os.mkfifo(new, mode=0o600)
        pipe = os.open(new, os.O_RDWR | os.O_NONBLOCK)
        new.rename(path)
        return pipe

    def ring(self) -> None:
        """Wake whoever listens. What was committed is committed: where this fails, they look by themselves, later."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.suffix != _NEW:
                    _ring(path)


class Bell:
    """It was rung since it was last heard, or not."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._heard = pipe, bytearray(4096)

    def wait(self, seconds: float) -> bool:
        """Sleep until it rings, at most ``seconds``; True if it did."""
        if not select.select([self._pipe], [], [], seconds)[0]:
            return False
        os.readv(self._pipe, [self._heard])  # what is left of a long silence rings once more
        return True


def _ring(path: Path) -> None:
    try:
        pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:  # nobody listens any more
            path.unlink(missing_ok=True)
        return
    with suppress(OSError):
        os.writev(pipe, [b"!"])  # not write: eventlet's waits where the pipe is full
    os.close(pipe)
