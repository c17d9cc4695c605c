"""Bytes under the name of their own hash: written once, before any row speaks of them, and never changed."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie; two levels keep folders small."""
    return folder / sha256[:2] / sha256


def keep(folder: Path, data: bytes) -> str:
    """Write the bytes, unless they are there already, so that a crash leaves a whole file or none; gives the hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = path_of(folder, sha256)
    with suppress(FileNotFoundError):
        os.utime(target)  # young again, so that sweeping leaves it alone until a row speaks of it
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    _settle(folder)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(target)
    _settle(target.parent)
    return sha256


def _settle(folder: Path) -> None:
    """Make the names in a folder outlast a loss of power, as ``fsync`` does for the bytes of a file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
