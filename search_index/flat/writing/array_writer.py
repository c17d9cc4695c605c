"""Writes an `ArrayFile`: arrays grow side by side, then go into one file, one after the other.

They grow in anonymous temporary files (memory while small), so that a segment may be larger than memory and a
crash leaves nothing behind.
"""

import json
import os
import zlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from search_index.flat.array_file import ALIGNMENT, BLOCK, CRC, HEAD, MAGIC, TAIL, VERSION

IN_MEMORY = 1 << 20
"""Bytes of one growing array that are kept in memory."""


class ArrayWriter:
    def __init__(self, folder: Path | None = None) -> None:
        self._folder = str(folder) if folder else None
        self._open = ExitStack()
        self._spools: dict[str, tuple[np.dtype[Any], SpooledTemporaryFile[bytes]]] = {}
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __contains__(self, array: str) -> bool:
        return array in self._spools

    def append(self, array: str, values: ArrayLike, kind: DTypeLike) -> None:
        """Let an array grow; the first time makes it. OverflowError when a value does not fit its type."""
        given = np.asarray(values)
        fitting = np.ascontiguousarray(given, kind)
        if given.dtype.kind in "iu" and not _fits(given, fitting.dtype):
            raise OverflowError(f"{array} does not fit in {fitting.dtype}")
        if array not in self._spools:
            temporary = SpooledTemporaryFile(IN_MEMORY, dir=self._folder)  # noqa: SIM115 (closed by the stack)
            spool = self._open.enter_context(temporary)
            self._spools[array] = (fitting.dtype.newbyteorder("<"), spool)
        kept, spool = self._spools[array]
        spool.write(fitting.astype(kept, copy=False).data)

    def write(self, stream: IO[bytes]) -> None:
        """Everything, from the first byte to the last."""
        body = _Body(stream.write)
        body.add(HEAD.pack(MAGIC, VERSION, BLOCK))
        places: Mapping[str, tuple[str, int, int]] = {
            name: self._copy(body, kind, spool) for name, (kind, spool) in self._spools.items()
        }
        text = json.dumps({"facts": self.facts, "arrays": places}, separators=(",", ":")).encode()
        start = body.size
        table = b"".join(CRC.pack(crc) for crc in body.finish())
        tail = TAIL.pack(start, len(text), len(table) // CRC.size, 0)[: -CRC.size]
        crc = zlib.crc32(HEAD.pack(MAGIC, VERSION, BLOCK) + text + table + tail)
        stream.write(text + table + tail + CRC.pack(crc))

    def save(self, path: Path) -> None:
        """On the disk, whole, before the name exists."""
        beside = path.with_name(f"{path.name}.new")
        with beside.open("wb") as stream:
            self.write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)

    def _copy(self, body: "_Body", kind: np.dtype[Any], spool: SpooledTemporaryFile[bytes]) -> tuple[str, int, int]:
        body.add(bytes(-body.size % ALIGNMENT))
        place = body.size
        spool.seek(0)
        while piece := spool.read(1 << 20):
            body.add(piece)
        return kind.str.replace("|", "<"), place, (body.size - place) // kind.itemsize


class _Body:
    """Counts what passes, and takes the checksum of every block."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._checksums: list[int] = []
        self._crc = 0
        self.size = 0

    def add(self, content: bytes) -> None:
        self._write(content)
        view = memoryview(content)
        while view:
            room = BLOCK - self.size % BLOCK
            piece = view[:room]
            self._crc = zlib.crc32(piece, self._crc)
            self.size += len(piece)
            if self.size % BLOCK == 0:
                self._checksums.append(self._crc)
                self._crc = 0
            view = view[room:]

    def finish(self) -> list[int]:
        return [*self._checksums, self._crc] if self.size % BLOCK else self._checksums


def _fits(values: Any, kind: np.dtype[Any]) -> bool:
    if kind.kind not in "iu" or not values.size or values.dtype == kind:
        return True
    limits = np.iinfo(kind)
    return bool(values.min() >= limits.min and values.max() <= limits.max)
