"""Whoosh's interface to what a segment keeps per document: lengths, columns, stored fields, vectors."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from whoosh import columns, formats
from whoosh.codec.base import PerDocumentReader
from whoosh.filedb.structfile import BufferFile
from whoosh.matching import ListMatcher

from search_index.flat.as_whoosh.schema import IdColumn, NamedColumn, NumberColumn
from search_index.flat.as_whoosh.writing import STORED, STORED_COLUMN, WHOOSH, vector_column
from search_index.flat.dictionary import as_bytes
from search_index.flat.postings import LENGTHS, length_codes
from search_index.flat.segment import Segment


class FlatDocumentReader(PerDocumentReader):  # type: ignore[misc]  # Whoosh carries no types
    def __init__(self, segment: Segment, record: Any) -> None:
        self._segment, self._record = segment, record
        self._file = segment.file
        self._readers: dict[str, Any] = {}
        self._lengths: dict[str, Sequence[int]] = {}

    def doc_count(self) -> int:
        return self._segment.size - int(self._record.deleted_count())

    def doc_count_all(self) -> int:
        return self._segment.size

    def has_deletions(self) -> bool:
        return bool(self._record.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._record.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        return iter(self._record.deleted_docs())

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return any(name in self._file for name in _places_of(fieldname))

    def column_reader(self, fieldname: str, column: columns.Column) -> Any:
        if fieldname not in self._readers:
            self._readers[fieldname] = self._open(fieldname, column)
        return self._readers[fieldname]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Rounded as Whoosh's own codec rounds it, which scores rest on."""
        lengths = self._rounded(fieldname)
        return lengths[docnum] or default if lengths else default

    def field_length(self, fieldname: str) -> int:
        name = f"column.length.{fieldname}"
        return int(self._file.whole(name).sum(dtype=np.int64)) if name in self._file else 0

    def min_field_length(self, fieldname: str) -> int:
        return min(self._rounded(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max(self._rounded(fieldname), default=0)

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        name = vector_column(fieldname)
        return self.has_column(name) and bool(self.column_reader(name, STORED)[docnum])

    def vector(self, docnum: int, fieldname: str, format_: formats.Format) -> ListMatcher:
        items = self.column_reader(vector_column(fieldname), STORED)[docnum]
        texts, weights, values = (list(part) for part in zip(*items, strict=True))
        return ListMatcher(texts, weights, values, format=format_)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        if not self.has_column(STORED_COLUMN):
            return {}
        return dict(self.column_reader(STORED_COLUMN, STORED)[docnum] or {})

    def close(self) -> None:
        pass

    def _rounded(self, field: str) -> Sequence[int]:
        if field not in self._lengths:
            name = f"column.length.{field}"
            lengths = self._file.whole(name).astype(np.int64) if name in self._file else np.empty(0, np.int64)
            self._lengths[field] = LENGTHS[length_codes(lengths)].tolist()
        return self._lengths[field]

    def _open(self, name: str, column: columns.Column) -> Any:
        if isinstance(column, (IdColumn, NamedColumn, NumberColumn)):
            return NativeColumnReader(self._segment, name, column)
        content = self._file.whole(WHOOSH + name).tobytes()
        return column.reader(BufferFile(content, name), 0, len(content), self._segment.size)


class NativeColumnReader(columns.ColumnReader):  # type: ignore[misc]  # Whoosh carries no types
    """One of the segment's own columns, value by value."""

    def __init__(self, segment: Segment, name: str, column: columns.Column) -> None:
        self._segment, self._name, self._column = segment, name, column
        self._doccount = segment.size

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    @cached_property
    def _values(self) -> list[Any]:
        segment, name = self._segment, self._name
        if isinstance(self._column, IdColumn):
            return [as_bytes(segment.id_of(number)) for number in range(segment.size)]
        values = segment.column(name)
        if isinstance(self._column, NamedColumn):
            names = [as_bytes(text) for text in segment.names(name)]
            return [names[code] for code in values.tolist()]
        table = f"table.{name}" in segment.file
        coded: list[Any] = (segment.table(name)[values] if table else values).tolist()
        return coded


def _places_of(column: str) -> tuple[str, ...]:
    return (WHOOSH + column, f"column.{column}", *(("id.text",) if column == "id" else ()))
