"""The terms of a segment: one sorted text per field with its starts, searched where it lies on the disk."""

import numpy as np
from numpy.typing import NDArray

from search_index.flat.array_file import ArrayFile
from search_index.flat.strings import Strings

KEPT = 1 << 13
"""Found terms that are remembered with their numbers; past that, all are forgotten."""


def as_bytes(term: str) -> bytes:
    """How a term is stored. Half of a surrogate pair is no UTF-8, but it keeps its place in the order."""
    return term.encode(errors="surrogatepass")


def as_text(stored: bytes) -> str:
    return stored.decode(errors="surrogatepass")


class Dictionary:
    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._strings = Strings(file, "term.text", "term.starts")
        self._ranges: dict[str, range] = {
            name: range(first, last) for name, (first, last) in file.facts["fields"].items()
        }
        self._known: dict[tuple[str, bytes], int | None] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self._ranges)

    def number(self, field: str, text: bytes) -> int | None:
        key, known = (field, text), self._known
        if key in known:
            return known[key]
        run = self._ranges.get(field, range(0))
        place = self._first(run, text)
        found = place if place < run.stop and self.text(place) == text else None
        if len(known) >= KEPT:
            # A new one, because other threads may be reading this one.
            known = self._known = {}
        known[key] = found
        return found

    def run(self, field: str, prefix: bytes) -> range:
        whole = self._ranges.get(field, range(0))
        if not prefix:
            return whole
        # The texts are UTF-8, which never has the byte 255.
        return range(self._first(whole, prefix), self._first(whole, prefix + b"\xff"))

    def after(self, field: str, text: bytes) -> range:
        """The terms of a field from this one on."""
        whole = self._ranges.get(field, range(0))
        return range(self._first(whole, text), whole.stop)

    def text(self, number: int) -> bytes:
        return self._strings.text(number)

    def texts(self, numbers: range) -> list[bytes]:
        return self._strings.texts(numbers)

    def field_of(self, number: int) -> str:
        return next(name for name, run in self._ranges.items() if number in run)

    def containing(self, field: str, part: bytes, limit: int | None) -> list[int]:
        run = self._ranges.get(field, range(0))
        if not run or not part:
            return list(run[:limit])
        starts = self._strings.array[run.start : run.stop + 1].astype(np.int64)
        places = _places(self._file.whole("term.text")[starts[0] : starts[-1]], part)
        starts -= starts[0]
        numbers = np.searchsorted(starts, places, side="right") - 1
        numbers = numbers[places + len(part) <= starts.take(numbers + 1)]  # not across the border of two terms
        numbers = numbers[np.diff(numbers, prepend=-1) > 0]
        numbers += run.start
        found: list[int] = numbers[:limit].tolist()
        return found

    def _first(self, run: range, text: bytes) -> int:
        """The first term of the run that is not below the text."""
        low, high = run.start, run.stop
        starts, place, buffer = self._strings.starts, self._strings.place, self._file.buffer
        while low < high:
            middle = (low + high) // 2
            if buffer[place + starts[middle] : place + starts[middle + 1]] < text:
                low = middle + 1
            else:
                high = middle
        return low


def _places(text: NDArray[np.uint8], part: bytes) -> NDArray[np.int64]:
    """Where the part begins, overlapping or not. Two bytes are compared everywhere, the rest where these fit."""
    last = max(len(text) - len(part) + 1, 0)
    fits = text[:last] == part[0]
    if len(part) > 1:
        fits &= text[1 : last + 1] == part[1]
    places: NDArray[np.int64] = np.flatnonzero(fits)
    for at, byte in enumerate(part[2:], 2):
        places = places[text[places + at] == byte]
    return places
