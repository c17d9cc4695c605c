"""What is known of each document by its number, as arrays over everything stored and in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Kind
from search_index.flat.segment import Segment
from search_index.storing.arrays.growing import Growing
from search_index.storing.arrays.numbering import Names, Numbering
from search_index.storing.arrays.pairs import Pairs
from search_index.storing.schema import NUMBERS, Analysed

NOBODY = -1
"""The id of the audience of deleted documents: nobody may ever read it."""
NOBODY_CODE = 0

MOST_FLAGS = 63
"""Different flags that the bit set has room for; the application knows about five."""

WRITTEN = (Kind.POST, Kind.COMMENT, Kind.ANSWER, Kind.ARTICLE, Kind.QUESTION)
"""What people wrote: the corpus that word frequencies and average lengths are taken from."""


class Numberings:
    """Codes for what repeats. Shared by all states of one index, since a code never changes its meaning."""

    def __init__(self, everyone: int) -> None:
        self.people = Numbering()
        self.audiences = Numbering(NOBODY)
        self.everyone = self.audiences.code(everyone)
        self.kinds, self.labels, self.flags = Names(), Names(), Names()


class Columns:
    """`audience` grows last, so that its size is the number of whole documents."""

    def __init__(self, codes: Numberings) -> None:
        self.codes = codes
        self.author: Growing[np.int32] = Growing(np.int32)
        self.kind: Growing[np.int32] = Growing(np.int32)
        self.created: Growing[np.int64] = Growing(np.int64)
        self.length: Growing[np.int32] = Growing(np.int32)
        self.title_length: Growing[np.int32] = Growing(np.int32)
        self.topic_length: Growing[np.int32] = Growing(np.int32)
        self.tie: Growing[np.int64] = Growing(np.int64)
        self.flags: Growing[np.int64] = Growing(np.int64)
        self.audience: Growing[np.int32] = Growing(np.int32)
        self.labels, self.mentions = Pairs(), Pairs()

    def first(self, size: int, *, more: int) -> "Columns":
        """A copy for the first documents that grows on its own, with room for so many more."""
        copy = Columns(self.codes)
        for name in _ARRAYS:
            setattr(copy, name, getattr(self, name).first(size, more=more))
        copy.labels = self.labels.first(size, more=more)
        copy.mentions = self.mentions.first(size, more=more)
        return copy

    def append(self, analysed: Analysed) -> None:
        document, codes = analysed.document, self.codes
        numbers = dict(zip(NUMBERS, analysed.numbers, strict=True))
        self.author.append(codes.people.code(numbers["author"]))
        self.kind.append(codes.kinds.code(str(document.kind)))
        for name in ("created", "length", "title_length", "topic_length", "tie"):
            getattr(self, name).append(numbers[name])
        self.flags.append(self._bits([codes.flags.code(flag) for flag in document.has]))
        self.labels.append([codes.labels.code(name) for name in analysed.labels])
        self.mentions.append([codes.people.code(person) for person in dict.fromkeys(document.mentions)])
        self.audience.append(codes.audiences.code(numbers["audience"]))

    def extend(self, segment: Segment) -> None:
        codes = self.codes
        _recoded(self.author, segment, "author", codes.people.codes(segment.table("author")))
        _recoded(self.kind, segment, "kind", codes.kinds.codes(segment.names("kind")))
        self.created.extend(segment.column("created"))
        self.length.extend(segment.column("length.text"))
        self.title_length.extend(segment.column("length.title"))
        self.topic_length.extend(segment.column("length.topic"))
        self.tie.extend(segment.column("tie"))
        self._extend_flags(segment)
        for pairs, name, table in (
            (self.labels, "label", codes.labels.codes(segment.names("label"))),
            (self.mentions, "mention", codes.people.codes(segment.table("mention"))),
        ):
            starts, ours = segment.pairs(name)
            pairs.extend(starts, table[ours])
        _recoded(self.audience, segment, "audience", codes.audiences.codes(segment.table("audience")))

    def restore_audience(self, segment: Segment, number: int, start: int) -> None:
        """Of a document of a segment that begins at `start`, as it was before it was deleted."""
        identity = int(segment.table("audience")[int(segment.column("audience")[number])])
        self.audience.view()[start + number] = self.codes.audiences.code(identity)

    def _extend_flags(self, segment: Segment) -> None:
        starts, ours = segment.pairs("flag")
        bits = np.zeros(segment.size, np.int64)
        if len(ours):
            values = np.array([self._bits([code]) for code in self.codes.flags.codes(segment.names("flag")).tolist()])
            np.bitwise_or.at(bits, np.repeat(np.arange(segment.size), np.diff(starts)), values[ours])
        self.flags.extend(bits)

    @staticmethod
    def _bits(flags: Sequence[int]) -> int:
        return sum(1 << flag for flag in flags if flag < MOST_FLAGS)


_ARRAYS = ("author", "kind", "created", "length", "title_length", "topic_length", "tie", "flags", "audience")


def read_columns(segment: Segment) -> None:
    """Read everything that `extend` reads, so that damage shows before anything is taken over."""
    for name in ("author", "kind", "audience", "created", "length.text", "length.title", "length.topic", "tie"):
        segment.column(name)
    for name in ("author", "audience", "mention"):
        segment.table(name)
    for name in ("label", "mention", "flag"):
        segment.pairs(name)
    for name in ("kind", "label", "flag"):
        segment.names(name)


def _recoded(into: Growing[np.int32], segment: Segment, name: str, table: NDArray[np.int32]) -> None:
    column = segment.column(name)
    into.extend(table[column] if len(column) else np.empty(0, np.int32))
