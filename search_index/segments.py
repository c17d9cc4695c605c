"""One stored segment, read as arrays: columns once when it is opened, posting lists when first asked for.

Whoosh's file objects have one reading position, so reading is under a lock; what was read is kept, and the
arithmetic on it needs no lock. A segment never changes; deletions are kept outside of it.
"""

import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from pickle import UnpicklingError
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment as StoredSegment
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import TermNotFound

from search_index.codec import NOTHING, Postings
from search_index.schema import ID, KIND, LABEL, MENTION, NUMBER, NUMBERS, TERM_FIELDS, Integers, make_schema

KEPT_POSTINGS = 3_000_000
"""Postings kept decoded per segment (16 bytes each); the least recently asked for are dropped."""

# What torn bytes make Whoosh raise, wherever it stumbles over them.
TORN: tuple[type[Exception], ...] = (
    *(OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, NameError, EOFError, AssertionError),
    *(zlib.error, struct.error, UnpicklingError, MemoryError, OverflowError),
)


class Segment:
    """Documents are numbered from 0 in here; `problem` is set when stored bytes turned out to be
    unreadable."""

    def __init__(self, storage: FileStorage, record: StoredSegment) -> None:
        self.name = str(record.segment_id())
        self.size = int(record.doc_count_all())
        self.problem: str | None = None
        self._lock = Lock()
        self._schema = make_schema()
        self._kept: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._kept_size = 0
        self._files = record.open_compound_file(storage)
        codec = record.codec()
        self._terms = codec.terms_reader(self._files, record)
        self._documents = codec.per_document_reader(self._files, record)
        self.numbers = {name: self._column(name) for name in NUMBERS}
        self.kinds = dict(self._whole_field(KIND))
        self.labels = dict(self._whole_field(LABEL))
        self.mentions = {int(person): ids for person, ids in self._whole_field(MENTION)}

    def postings(self, field: str, term: str) -> Postings:
        key = (field, term)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
            found = self._read(field, term)
            self._keep(key, found)
            return found

    def number_of(self, document_id: str) -> int | None:
        with self._lock:
            try:
                return int(self._terms.term_info(ID, document_id.encode()).min_id())
            except TermNotFound:
                return None
            except TORN as error:
                self._damaged(error)
                return None

    def stored(self, number: int) -> dict[str, str]:
        """id, title and text of a document."""
        with self._lock:
            try:
                fields: dict[str, str] = self._documents.stored_fields(number)
            except TORN as error:
                self._damaged(error)
                return {}
            return fields

    def terms_from(self, field: str, prefix: str, limit: int) -> list[str]:
        """At most `limit` terms that begin with the prefix, in alphabetical order of their bytes."""
        start = prefix.encode()
        found: list[str] = []
        with self._lock:
            try:
                for name, term in self._terms.terms_from(field, start):
                    if name != field or not term.startswith(start) or len(found) >= limit:
                        break
                    found.append(term.decode())
            except TORN as error:
                self._damaged(error)
        return found

    def every_list(self) -> Iterator[tuple[str, str, Postings]]:
        """All fields, terms and posting lists, for merging; raises on damage instead of leaving things
        out."""
        with self._lock:
            terms = [(field, term.decode()) for field, term in self._terms.terms() if field in TERM_FIELDS]
        for field, term in terms:
            with self._lock:
                yield field, term, self._decode(field, term)

    def _keep(self, key: tuple[str, str], found: Postings) -> None:
        self._kept[key] = found
        self._kept_size += len(found[0]) + 8  # a list costs something even when it is empty
        while self._kept_size > KEPT_POSTINGS:
            _, dropped = self._kept.popitem(last=False)
            self._kept_size -= len(dropped[0]) + 8

    def _read(self, field: str, term: str) -> Postings:
        try:
            return self._decode(field, term)
        except TermNotFound:
            return NOTHING
        except TORN as error:
            self._damaged(error)
            return NOTHING

    def _decode(self, field: str, term: str) -> Postings:
        matcher = self._terms.matcher(field, term.encode(), self._schema[field].format)
        found: Postings = matcher.whole()
        if len(found[0]) and not 0 <= found[0][0] <= found[0][-1] < self.size:
            raise ValueError(f"{field}:{term!r} names documents that are not there")
        return found

    def _column(self, name: str) -> Integers:
        if not self._documents.has_column(name):
            return np.zeros(self.size, np.int64)
        reader: Any = self._documents.column_reader(name, NUMBER)
        column: Integers = reader.whole()
        return column

    def _whole_field(self, field: str) -> Iterator[tuple[str, NDArray[np.int64]]]:
        for name, term in self._terms.terms_from(field, b""):
            if name != field:
                break
            yield term.decode(), self._decode(field, term.decode())[0]

    def _damaged(self, error: BaseException) -> None:
        self.problem = f"segment {self.name} cannot be read: {type(error).__name__} {error}"
