"""Named arrays in one file: written once, read through memory mapping, every byte under a checksum.

    head        magic, version, block size
    arrays      little-endian, each at a multiple of 64 bytes, in any order
    directory   JSON: facts, and per array its type, place and length
    blocks      CRC-32 of every 64 KiB before the directory
    tail        where the directory is, how many blocks; CRC-32 of head, directory, blocks and this

Opening reads the directory and the list of block checksums alone. A block is checked the first time something
in it is read, so that opening costs the same for any size and a wrong byte is found before it becomes an
answer. The checksum in the tail stands for the whole file, because it covers the blocks' checksums.
"""

import json
import mmap
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.damage import DamagedError

MAGIC = b"couthidx"
VERSION = 1
BLOCK = 1 << 16
"""Small enough that one cold posting costs little (about 0.03 ms), large enough that the checksums of a
gigabyte are 64 KiB."""

ALIGNMENT = 64

MOST_TOUCHED = 1 << 24
"""Bytes that are read before the process gives the file's mapped pages back. They stay in the kernel's cache, and
mapping them again costs 0.04 ms a megabyte; but a process that keeps them all looks as large as its index."""

HEAD = struct.Struct("<8sII")
TAIL = struct.Struct("<QQQI")
CRC = struct.Struct("<I")

Buffer = mmap.mmap | bytes


class ArrayFile:
    """Reads; any number of threads may. Arrays that it hands out keep the mapping alive."""

    def __init__(self, buffer: Buffer, name: str) -> None:
        self.name = name
        self.buffer = buffer
        self.bytes = len(buffer)
        directory, table, end, self.checksum = self._open()
        self._content = memoryview(buffer)[:end]
        self.facts: Mapping[str, Any] = directory["facts"]
        self._arrays: Mapping[str, tuple[str, int, int]] = directory["arrays"]
        self._blocks = np.frombuffer(table, "<u4").tolist()
        self._seen = bytearray(len(self._blocks))
        self._views: dict[str, tuple[NDArray[Any], int]] = {}
        self._kept: set[str] = set()
        self._touched = 0

    def __contains__(self, array: str) -> bool:
        return array in self._arrays

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def length(self, array: str) -> int:
        return len(self._view(array)[0])

    def kind(self, array: str) -> np.dtype[Any]:
        return self._view(array)[0].dtype

    def whole(self, array: str) -> NDArray[Any]:
        """A read-only view of all of it."""
        return self.part(array, 0, self.length(array))

    def part(self, array: str, start: int, stop: int) -> NDArray[Any]:
        """A read-only view of some of it; only the blocks under it are touched."""
        return self.touch(array, start, stop)[start:stop]

    def touch(self, array: str, start: int, stop: int) -> NDArray[Any]:
        """Check the blocks under some of it that nobody has looked at. Returns the whole array, of which only
        what was touched may be read."""
        view, place = self._views.get(array) or self._view(array)
        if not 0 <= start <= stop <= len(view):
            raise DamagedError(f"{self.name}: {array} has no items {start} to {stop}")
        if start < stop:
            width = view.itemsize
            first, last = (place + start * width) // BLOCK, (place + stop * width - 1) // BLOCK
            if self._seen.find(0, first, last + 1) >= 0:
                self._verify(first, last + 1)
            # Threads may count past each other: then it happens a little earlier or later.
            self._touched += (stop - start) * width
            if self._touched > MOST_TOUCHED:
                self.release()
        return view

    def touch_all(self, array: str, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[Any]:
        """The same for many parts of it."""
        view, place = self._view(array)
        if len(starts) and not 0 <= int(starts.min()) <= int(stops.max()) <= len(view):
            raise DamagedError(f"{self.name}: {array} is shorter than what refers to it")
        first, stop = (place + starts * view.itemsize) // BLOCK, -(-(place + stops * view.itemsize) // BLOCK)
        unseen = np.cumsum(np.append(0, np.frombuffer(self._seen, np.uint8) == 0))
        for at in np.flatnonzero(unseen[stop] > unseen[first]).tolist():
            self._verify(int(first[at]), int(stop[at]))
        self._touched += int((stops - starts).sum()) * view.itemsize
        return view

    def place(self, array: str) -> int:
        """Where the (checked) array begins in the buffer, for those who search the bytes themselves."""
        self.whole(array)
        return self._view(array)[1]

    def keep(self, array: str) -> None:
        """Read it all, and never give its pages back: for what is small and asked for at random."""
        self.whole(array)
        self._kept.add(array)

    def release(self) -> None:
        """Give the mapped pages back; they are mapped again when they are next touched."""
        self._touched = 0
        if isinstance(self.buffer, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            for array, (kind, place, length) in self._arrays.items():
                begin = -(-place // mmap.PAGESIZE) * mmap.PAGESIZE
                size = place + length * int(kind[2:]) - begin
                if size >= mmap.PAGESIZE and array not in self._kept:
                    self.buffer.madvise(mmap.MADV_DONTNEED, begin, size - size % mmap.PAGESIZE)

    def check(self) -> None:
        """Read every byte again; DamagedError when one is not as it was written."""
        self._open()
        self._seen[:] = bytes(len(self._seen))
        self._verify(0, len(self._seen))
        self.release()

    def _view(self, array: str) -> tuple[NDArray[Any], int]:
        """The array, unchecked, and where it begins."""
        known = self._views.get(array)
        if known is None:
            try:
                kind, place, length = self._arrays[array]
            except KeyError:
                raise DamagedError(f"{self.name} has no {array}") from None
            known = self._views[array] = np.frombuffer(self.buffer, kind, length, place), place
        return known

    def _open(self) -> tuple[dict[str, Any], bytes, int, int]:
        """The directory, the blocks' checksums, where the arrays end, and the checksum of all."""
        if self.bytes < HEAD.size + TAIL.size:
            raise DamagedError(f"{self.name} is cut off")
        head, tail = self.buffer[: HEAD.size], self.buffer[-TAIL.size :]
        magic, version, block = HEAD.unpack(head)
        if magic != MAGIC:
            raise DamagedError(f"{self.name} is not a segment")
        if (version, block) != (VERSION, BLOCK):
            raise DamagedError(f"{self.name} has version {version}, this program reads {VERSION}")
        start, size, blocks, crc = TAIL.unpack(tail)
        if start + size + blocks * CRC.size + TAIL.size != self.bytes or blocks != -(-start // BLOCK):
            raise DamagedError(f"{self.name} is cut off")
        text = self.buffer[start : start + size]
        table = self.buffer[start + size : start + size + blocks * CRC.size]
        if crc != zlib.crc32(head + text + table + tail[: -CRC.size]):
            raise DamagedError(f"{self.name} does not match its checksum")
        return json.loads(text), table, start, crc

    def _verify(self, first: int, stop: int) -> None:
        """Check those of these blocks that nobody has looked at."""
        block = self._seen.find(0, first, stop)
        while block >= 0:
            if zlib.crc32(self._content[block * BLOCK : (block + 1) * BLOCK]) != self._blocks[block]:
                raise DamagedError(f"{self.name} has a damaged block at {block * BLOCK}")
            self._seen[block] = 1
            block = self._seen.find(0, block + 1, stop)


def open_file(path: Path) -> ArrayFile:
    """DamagedError when it cannot be believed; FileNotFoundError when it is not there."""
    with path.open("rb") as stream:
        try:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise DamagedError(f"{path.name} is empty") from error
    return ArrayFile(mapped, path.name)
