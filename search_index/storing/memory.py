"""The memtable: posting lists of what is not stored yet, searchable as soon as they are appended to.

Adding costs a few appends per word. Lists become arrays when a question asks for them, and stay so until the
next document holds the same word. One thread adds; any number read, without a lock: each list is published by
its last append, and what is behind it is complete by then.
"""

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import length_to_byte

from search_index.flat.postings import MOST_FREQUENT, NO_POSTINGS, Postings
from search_index.storing.schema import (
    FLAG,
    LABEL,
    MENTION,
    NUMBERS,
    TERM_FIELDS,
    TEXT,
    TITLE,
    TOPIC,
    Analysed,
    Tokens,
)

Ids = NDArray[np.int64]

UNSORTED = 512
"""Terms that may wait at the end of the alphabetical list; they are looked through one by one."""

_LENGTH_OF = {TEXT: NUMBERS.index("length"), TITLE: NUMBERS.index("title_length"), TOPIC: NUMBERS.index("topic_length")}

_ONCE = [0]
"""Where a label, a mention or a flag stands: it has no place in a text."""


PACKED_BYTES = 8


def unpacked(content: bytes) -> tuple[Ids, NDArray[np.uint16]]:
    """Documents and impact keys of packed postings."""
    packed = np.frombuffer(content, np.uint64)
    return (packed >> 16).astype(np.int64), packed.astype(np.uint16)


class _List:
    """`packed` has document << 16 | impact key, `positions` those of all documents one after the other."""

    __slots__ = ("_made", "packed", "positions", "wide")

    def __init__(self) -> None:
        self.packed = array("Q")
        self.positions = array("I")
        self.wide: dict[int, int] = {}
        self._made: Postings = NO_POSTINGS

    def add(self, number: int, length_code: int, positions: list[int]) -> None:
        count = len(positions)
        if count > MOST_FREQUENT:
            self.wide[len(self.packed)] = count
            count = MOST_FREQUENT
        self.positions.extend(positions)
        self.packed.append(number << 16 | length_code << 8 | count)

    def postings(self) -> Postings:
        made = self._made
        if len(made) != len(self.packed):
            # A copy of the bytes first: an array that is lent out cannot be appended to.
            documents, keys = unpacked(self.packed.tobytes())
            made = Postings(documents, keys, {at: n for at, n in list(self.wide.items()) if at < len(keys)})
            self._made = made
        return made

    def positions_of(self, documents: Ids) -> tuple[Ids, Ids]:
        """Of documents that stand in the list: flat positions, and where those of each document end."""
        postings = self.postings()
        counts = postings.frequencies().astype(np.int64)
        ends = np.cumsum(counts)
        flat = np.frombuffer(self.positions.tobytes(), np.uint32)
        at = np.searchsorted(postings.documents, documents)
        chosen = counts[at]
        within = np.arange(int(chosen.sum())) - np.repeat(np.cumsum(chosen) - chosen, chosen)
        return flat[np.repeat(ends[at] - chosen, chosen) + within].astype(np.int64), np.cumsum(chosen)


class _Field:
    def __init__(self) -> None:
        self.lists: dict[str, _List] = {}
        self.letters: set[str] = set()
        self._order: list[str] = []
        self._sorted: tuple[list[str], int] = ([], 0)

    def list_for(self, term: str) -> _List:
        found = self.lists.get(term)
        if found is None:
            found = self.lists[term] = _List()
            self._order.append(term)
            self.letters.update(term)
        return found

    def beginning(self, prefix: str) -> list[str]:
        """Terms with this beginning, alphabetical."""
        known, taken = self._sorted
        fresh = self._order[taken:]
        if len(fresh) > UNSORTED:
            known, taken, fresh = sorted([*known, *fresh]), taken + len(fresh), []
            self._sorted = known, taken
        found = known[bisect_left(known, prefix) : bisect_left(known, prefix + "\U0010ffff")]
        late = [term for term in fresh if term.startswith(prefix)]
        return sorted([*found, *late]) if late else found

    def terms(self) -> list[str]:
        return list(self._order)


class Memtable:
    """Posting lists by field and term, over the global numbers of documents."""

    def __init__(self) -> None:
        self._fields = {field: _Field() for field in TERM_FIELDS}

    def add(self, number: int, analysed: Analysed) -> None:
        for field, place in _LENGTH_OF.items():
            tokens = analysed.tokens[field]
            if tokens[0]:
                self._add(self._fields[field], number, length_to_byte(analysed.numbers[place]), tokens)
        document = analysed.document
        for field, names in (
            (LABEL, analysed.labels),
            (MENTION, list(map(str, dict.fromkeys(document.mentions)))),
            (FLAG, document.has),
        ):
            code = length_to_byte(len(names))
            for name in names:
                self._fields[field].list_for(name).add(number, code, _ONCE)

    def postings(self, field: str, term: str) -> Postings:
        found = self._fields[field].lists.get(term)
        return NO_POSTINGS if found is None else found.postings()

    def known(self, field: str) -> tuple[Container[str], AbstractSet[str]]:
        """The terms, to ask for one, and the letters that they are made of."""
        found = self._fields[field]
        return found.lists.keys(), found.letters

    def positions(self, field: str, term: str, documents: Ids) -> tuple[Ids, Ids]:
        return self._fields[field].lists[term].positions_of(documents)

    def terms(self, field: str, prefix: str) -> list[str]:
        """Those that begin so, alphabetical."""
        return self._fields[field].beginning(prefix)

    def packed(self, field: str, terms: Iterable[str]) -> list[bytes]:
        """The packed postings of each of these terms."""
        lists = self._fields[field].lists
        return [lists[term].packed.tobytes() for term in terms]

    def containing(self, field: str, part: str) -> list[str]:
        return sorted(term for term in self._fields[field].terms() if part in term)

    @staticmethod
    def _add(field: _Field, number: int, length_code: int, tokens: Tokens) -> None:
        for term, positions in _grouped(tokens).items():
            field.list_for(term).add(number, length_code, positions)


def _grouped(tokens: Tokens) -> Mapping[str, list[int]]:
    grouped: dict[str, list[int]] = {}
    places: Sequence[int] = tokens[1]
    for term, position in zip(tokens[0], places, strict=True):
        known = grouped.get(term)
        if known is None:
            grouped[term] = [position]
        else:
            known.append(position)
    return grouped
