"""A term's postings one by one, as Whoosh's queries walk through them."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, Self

import numpy as np
from whoosh import formats
from whoosh.matching import LeafMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.reading import TermInfo

from search_index.flat.postings import Postings
from search_index.flat.segment import Segment

Term = tuple[str, bytes]
Value = Callable[[int], bytes]


def value_reader(segment: Segment, number: int, format_: formats.Format) -> Value:
    """How to get at the value of one of a term's postings, in the bytes of its format."""
    field = segment.dictionary.field_of(number)
    if field in segment.file.facts["positions"]:
        return lambda at: bytes(format_.encode(segment.positions(number, np.array([at]))[0].tolist()))
    if f"payload.{field}" not in segment.file:
        return lambda _: b""
    first = segment.postings_before(number) - segment.postings_before(segment.terms(field).start)
    starts = segment.file.whole(f"payload.{field}.starts")[first:]
    texts = segment.file.whole(f"payload.{field}")
    return lambda at: texts[starts[at] : starts[at + 1]].tobytes()


class FlatMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh carries no types
    """To Whoosh's optimisations the whole list is one block."""

    def __init__(
        self, postings: Postings, *, term: Term, format_: formats.Format, scorer: Any, info: TermInfo, value: Value
    ) -> None:
        self._ids: list[int] = postings.documents.tolist()
        self._weights: list[float] = postings.frequencies().tolist()
        self._term, self.format, self.scorer = term, format_, scorer
        self._info, self._value = info, value
        self._at = 0
        self._ended = False

    def copy(self) -> Self:
        return copy(self)

    def is_active(self) -> bool:
        return self._at < len(self._ids) and not self._ended

    def reset(self) -> None:
        self._at = 0
        self._ended = False

    def id(self) -> int:
        return self._ids[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids)

    def next(self) -> bool:
        self._at += 1
        return not self.is_active()

    def skip_to(self, id: int) -> None:  # noqa: A002 (the interface's name)
        if not self.is_active():
            raise ReadTooFar
        at = bisect_left(self._ids, id, self._at)
        if at == len(self._ids):
            self._end()
        else:
            self._at = at

    def weight(self) -> float:
        return self._weights[self._at]

    def value(self) -> bytes:
        return self._value(self._at)

    def skip_to_quality(self, minquality: float) -> int:
        if self.block_quality() > minquality:
            return 0
        self._end()
        return 1

    def block_min_length(self) -> int:
        return int(self._info.min_length())

    def block_max_length(self) -> int:
        return int(self._info.max_length())

    def block_max_weight(self) -> float:
        return float(self._info.max_weight())

    def _end(self) -> None:
        """The place stays: Whoosh's AndNot asks for the number once more before it looks whether there is any."""
        self._ended = True
