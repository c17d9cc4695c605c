"""Memory that was let go of goes back to the machine: the C library keeps it, and a process would stay as large as the
most that it ever needed at once."""

import ctypes
import sys

EVERY = 30.0  # seconds; it takes some two milliseconds

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def give_back() -> None:
    """Give back what is free now; nothing where the C library has no way to."""
    if _trim is not None:
        _trim(0)
