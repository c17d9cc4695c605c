"""63-bit ids that sort by time: ``unix milliseconds << 16 | low bits``.

The low bits start at a random place in each millisecond and count up from there, so one process never repeats
itself and two processes collide only by a chance that the unit of work answers with a retry.
"""

import secrets
import threading
from datetime import UTC, datetime

from intranet.kernel import clock
from intranet.kernel.errors import NotFound

_LOW_BITS = 16
MAX_ID = (1 << 63) - 1

_lock = threading.Lock()
_last = 0


def new_id(moment: datetime | None = None) -> int:
    """A fresh id for ``moment`` (default: now); ids made for the past do not move the sequence."""
    global _last
    stamp = int((moment or clock.now()).timestamp() * 1000)
    candidate = stamp << _LOW_BITS | secrets.randbits(_LOW_BITS - 1)
    if moment is not None:
        return candidate
    with _lock:
        _last = candidate if candidate > _last else _last + 1
        return _last


def first_id_of(moment: datetime) -> int:
    """The least id that can be made in the millisecond of a moment: ids from it on are at least as young."""
    return int(moment.timestamp() * 1000) << _LOW_BITS


def moment_of(identifier: int) -> datetime:
    """The millisecond in which an id was made."""
    return datetime.fromtimestamp((identifier >> _LOW_BITS) / 1000, UTC)


def parse_id(value: str) -> int:
    """An id from a URL or JSON string.

    Raises:
        NotFound: it cannot be anybody's id.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= 19 and int(value) <= MAX_ID):
        raise NotFound
    return int(value)
