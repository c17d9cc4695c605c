"""Files that are on the disk before anything speaks of them."""

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from search_index.damage import DamagedError


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file and what it must be like."""

    name: str
    bytes: int
    checksum: int


def write_durably(path: Path, content: bytes) -> FileMark:
    """Whole or not at all, even across a crash."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    make_durable(beside)
    beside.replace(path)
    make_durable(path.parent)
    return FileMark(path.name, len(content), zlib.crc32(content))


def read_checked(folder: Path, mark: FileMark) -> bytes:
    """DamagedError when the file is not as it was marked; FileNotFoundError when it is gone."""
    try:
        content = (folder / mark.name).read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedError(f"{mark.name} cannot be read: {error}") from error
    if (len(content), zlib.crc32(content)) != (mark.bytes, mark.checksum):
        raise DamagedError(f"{mark.name} does not match its checksum")
    return content


def make_durable(path: Path) -> None:
    """Wait until the disk has the file's content, or the folder's entries."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
