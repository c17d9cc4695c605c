"""Which documents of a stored segment are dead, in a small file beside it that is written anew with each change.

"N" and the numbers, 32 bits each     while few are dead
"B" and a bit for each document       once that is shorter
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_index.damage import DamagedError
from search_index.keeping.durable import FileMark, read_checked, write_durably

Numbers = NDArray[np.int64]
SUFFIX = ".dead"


def write_tombstones(folder: Path, name: str, dead: Numbers, size: int) -> FileMark:
    """`dead` rises; `size` is that of the segment."""
    numbers = b"N" + dead.astype("<u4").tobytes()
    bits = np.zeros(size, np.bool_)
    bits[dead] = True
    shorter = min(numbers, b"B" + np.packbits(bits).tobytes(), key=len)
    return write_durably(folder / f"{name}{SUFFIX}", shorter)


def read_tombstones(folder: Path, mark: FileMark | None, size: int) -> Numbers:
    """DamagedError when it cannot be believed: then nobody knows what was deleted."""
    if mark is None:
        return np.empty(0, np.int64)
    content = read_checked(folder, mark)
    kind, body = content[:1], content[1:]
    if kind == b"N":
        dead = np.frombuffer(body, "<u4").astype(np.int64)
    elif kind == b"B":
        dead = np.flatnonzero(np.unpackbits(np.frombuffer(body, np.uint8), count=size))
    else:
        raise DamagedError(f"{mark.name} has a form that this program does not know")
    if len(dead) and int(dead.max()) >= size:
        raise DamagedError(f"{mark.name} names documents that are not there")
    return dead
