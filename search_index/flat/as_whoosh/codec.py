"""Segments as a Whoosh codec: an ordinary Whoosh index, with its own writer, searcher and queries, over the
same files. It is how our reading and scoring are checked against Whoosh itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec
from whoosh.codec.base import Segment as Record
from whoosh.filedb.filestore import FileStorage

from search_index.flat.array_file import ArrayFile, open_file
from search_index.flat.as_whoosh.documents import FlatDocumentReader
from search_index.flat.as_whoosh.reading import FlatTermsReader
from search_index.flat.as_whoosh.writing import FlatDocumentWriter, FlatFieldWriter
from search_index.flat.segment import Segment, segment_files


class FlatCodec(Codec):  # type: ignore[misc]  # Whoosh carries no types
    length_stats = False
    """Whoosh need not look up a length with every posting: the document writer knows them."""

    def per_document_writer(self, storage: Any, segment: "FlatRecord") -> FlatDocumentWriter:  # noqa: ARG002 (interface)
        return FlatDocumentWriter(segment)

    def field_writer(self, storage: Any, segment: "FlatRecord") -> FlatFieldWriter:
        return FlatFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: "FlatRecord") -> FlatTermsReader:
        return FlatTermsReader(read_segment(storage, segment))

    def per_document_reader(self, storage: Any, segment: "FlatRecord") -> FlatDocumentReader:
        return FlatDocumentReader(read_segment(storage, segment), segment)

    def new_segment(self, storage: Any, indexname: str) -> "FlatRecord":  # noqa: ARG002 (interface)
        return FlatRecord(indexname)


class FlatRecord(Record):  # type: ignore[misc]  # Whoosh carries no types
    """A segment's entry in Whoosh's table of contents, with the documents deleted since it was written."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._size = 0
        self._deleted: set[int] = set()
        self.pending: FlatDocumentWriter | None = None
        """The documents of a segment that is being written, until its terms are known."""

    def codec(self) -> FlatCodec:
        return FlatCodec()

    def should_assemble(self) -> bool:
        """It is one file already."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        self._size = doccount

    def doc_count_all(self) -> int:
        return self._size

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(self._deleted)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted


def read_segment(storage: Any, record: FlatRecord) -> Segment:
    """The file behind an entry of the table of contents, mapped where the storage has real files."""
    name = record.segment_id()
    (path,) = segment_files(name)
    if isinstance(storage, FileStorage):
        return Segment(open_file(Path(storage.folder) / path), name)
    return Segment(ArrayFile(storage.open_file(path).get(0, storage.file_length(path)), path), name)
