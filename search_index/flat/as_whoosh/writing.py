"""Whoosh's writer interface over a segment: what its `IndexWriter` hands over, document by document and posting
by posting, is gathered and written in one file when the last of it has come."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, formats
from whoosh.codec.base import FieldWriter, PerDocumentWriter
from whoosh.filedb.filestore import RamStorage

from search_index.flat.as_whoosh.schema import CodedColumn, IdColumn, NamedColumn, NumberColumn
from search_index.flat.identity import tie
from search_index.flat.postings import length_codes
from search_index.flat.rows import transposed
from search_index.flat.segment import segment_files
from search_index.flat.writing.array_writer import ArrayWriter
from search_index.flat.writing.document_writer import DocumentWriter
from search_index.flat.writing.term_writer import TermBlock, TermWriter

STORED = columns.PickleColumn(columns.CompressedBytesColumn())
"""How Whoosh's own codec keeps stored fields and vectors, whose values can be anything."""

STORED_COLUMN = "_stored"
WHOOSH = "whoosh."
"""Before the name of an array that is one of Whoosh's columns, in Whoosh's bytes."""

NATIVE = (NumberColumn, NamedColumn, IdColumn)


def vector_column(name: str) -> str:
    return f"_{name}_vector"


class FlatDocumentWriter(PerDocumentWriter):  # type: ignore[misc]  # Whoosh carries no types
    def __init__(self, record: Any) -> None:
        self.arrays = ArrayWriter()
        self.documents = DocumentWriter(self.arrays)
        self.terms = TermWriter(self.arrays, long_texts=True)
        self.is_closed = False
        self.size = 0
        self.paired: set[str] = set()
        self._record = record
        self._lengths: dict[str, dict[int, int]] = defaultdict(dict)
        self._columns: dict[str, tuple[columns.Column, dict[int, Any]]] = {}
        self._stored: dict[str, Any] = {}

    def start_doc(self, docnum: int) -> None:
        if docnum != self.size:
            raise ValueError(f"document {docnum} where {self.size} was expected")
        self._stored = {}
        self.size += 1

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int | None) -> None:
        if value is not None:
            self._stored[fieldname] = value
        if getattr(fieldobj, "paired", False):
            self.paired.add(fieldname)
        if fieldobj.scorable:
            lengths = self._lengths[fieldname]
            if length:
                lengths[self.size - 1] = length

    def add_column_value(self, fieldname: str, columnobj: columns.Column, value: Any) -> None:
        _, values = self._columns.setdefault(fieldname, (columnobj, {}))
        values[self.size - 1] = value

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Iterable[Any]) -> None:  # noqa: ARG002 (interface)
        if listed := list(items):
            self.add_column_value(vector_column(fieldname), STORED, listed)

    def finish_doc(self) -> None:
        if self._stored:
            self.add_column_value(STORED_COLUMN, STORED, self._stored)

    def close(self) -> None:
        for name, (column, values) in self._columns.items():
            if isinstance(column, NATIVE):
                _write_native(self.documents, name, column, _filled(values, self.size, column.default_value()))
            else:
                written = _as_whoosh_writes(column, values, self.size)
                self.arrays.append(WHOOSH + name, np.frombuffer(written, np.uint8), "u1")
        for name in self._lengths:
            self.documents.column(f"length.{name}", self.lengths(name).astype("<u4"))
        self.is_closed = True
        self._record.pending = self

    def lengths(self, name: str) -> NDArray[np.int64]:
        """How many terms each document has in a field."""
        return np.array(_filled(self._lengths.get(name, {}), self.size, 0), np.int64)


@dataclass(slots=True)
class _Postings:
    """What came of one field."""

    name: str
    format: formats.Format
    texts: list[bytes] = field(default_factory=list)
    counts: "array[int]" = field(default_factory=lambda: array("q"))
    documents: "array[int]" = field(default_factory=lambda: array("q"))
    weights: "array[float]" = field(default_factory=lambda: array("f"))
    position_counts: "array[int]" = field(default_factory=lambda: array("q"))
    positions: "array[int]" = field(default_factory=lambda: array("q"))
    payloads: list[bytes] = field(default_factory=list)

    @property
    def is_positioned(self) -> bool:
        return type(self.format) is formats.Positions

    def add(self, document: int, weight: float, value: bytes) -> None:
        self.counts[-1] += 1
        self.documents.append(document)
        self.weights.append(weight)
        places = self.format.decode_positions(value) if self.is_positioned else ()
        self.position_counts.append(len(places))
        self.positions.extend(places)
        self.payloads.append(b"" if self.is_positioned else value)

    def block(self, lengths: NDArray[np.int64]) -> TermBlock:
        documents = np.array(self.documents)
        return TermBlock(
            texts=self.texts,
            counts=np.array(self.counts),
            documents=documents,
            length_codes=length_codes(lengths)[documents],
            frequencies=np.array(self.weights),
            position_counts=np.array(self.position_counts),
            positions=np.array(self.positions),
        )


class FlatFieldWriter(FieldWriter):  # type: ignore[misc]  # Whoosh carries no types
    """The document writer has to be closed before the first field starts, as Whoosh does it."""

    def __init__(self, storage: Any, record: Any) -> None:
        self.is_closed = False
        self._storage, self._record = storage, record
        self._positioned: set[str] = set()
        self._given: _Postings | None = None

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._given = _Postings(fieldname, fieldobj.format)
        self._record.pending.terms.start(fieldname)

    def start_term(self, text: bytes) -> None:
        given = self._in_field()
        given.texts.append(text)
        given.counts.append(0)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:  # noqa: ARG002 (lengths are known)
        self._in_field().add(docnum, weight, vbytes)

    def finish_term(self) -> None:
        pass

    def finish_field(self) -> None:
        given, pending = self._in_field(), self._record.pending
        self._given = None
        block = given.block(pending.lengths(given.name))
        pending.terms.add(given.name, block)
        if given.is_positioned:
            self._positioned.add(given.name)
        if any(given.payloads):
            payload = f"payload.{given.name}"
            pending.arrays.append(payload, np.frombuffer(b"".join(given.payloads), np.uint8), "u1")
            pending.arrays.append(f"{payload}.starts", np.cumsum([0, *map(len, given.payloads)]), "<u4")
        if given.name in pending.paired:
            pending.documents.pairs(given.name, *transposed(block.counts, block.documents, pending.size))
            pending.paired.remove(given.name)

    def _in_field(self) -> _Postings:
        if self._given is None:
            raise ValueError("a term came before its field was started")
        return self._given

    def close(self) -> None:
        pending, self._record.pending = self._record.pending, None
        self.is_closed = True
        if pending is None or not pending.size:
            return
        with pending.arrays as arrays:
            pending.terms.finish()
            for name in pending.paired:  # without a single term
                pending.documents.pairs(name, np.zeros(pending.size, np.int64), np.empty(0, np.int64))
            pending.documents.finish()
            arrays.facts["positions"] = sorted(self._positioned)
            arrays.facts["size"] = pending.size
            stream = self._storage.create_file(segment_files(self._record.segment_id())[0])
            arrays.write(stream)
            stream.close()


def _filled(values: dict[int, Any], size: int, default: Any) -> list[Any]:
    return [values.get(number, default) for number in range(size)]


def _write_native(documents: DocumentWriter, name: str, column: columns.Column, values: Sequence[Any]) -> None:
    if isinstance(column, IdColumn):
        texts = [value.decode() for value in values]
        documents.ids(texts, np.fromiter(map(tie, texts), np.int64, len(texts)))
    elif isinstance(column, NamedColumn):
        names = sorted({value.decode() for value in values})
        documents.coded(name, np.array([names.index(value.decode()) for value in values]), names)
    elif isinstance(column, CodedColumn):
        table, codes = np.unique(np.array(values, np.int64), return_inverse=True)
        documents.coded(name, codes, table)
    else:
        documents.column(name, np.array(values, np.int64))


def _as_whoosh_writes(column: columns.Column, values: dict[int, Any], size: int) -> bytes:
    memory = RamStorage()
    stream = memory.create_file("column")
    writer = column.writer(stream)
    for number, value in values.items():
        writer.add(number, value)
    writer.finish(size)
    stream.close()
    return bytes(memory.files["column"])
