"""Turning documents in memory, and older segments, into one new stored segment.

Whoosh's own writer sorts every posting through a pool of pickles on the disk, which takes most of its time.
Documents come here in batches that fit in memory, so the lists are gathered in dictionaries and handed to the
codec in order. Merging moves whole lists and never analyses a text again.
"""

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import Segment as StoredSegment
from whoosh.filedb.filestore import FileStorage

from search_index.codec import WholeListCodec
from search_index.schema import NUMBER, NUMBERS, TERM_FIELDS, Analysed, make_schema
from search_index.segments import Segment

INDEX_NAME = "couth"
Lists = dict[str, dict[str, tuple["array[int]", "array[float]"]]]
"""By field and term: documents and counts, compact and of the very type the codec keeps."""


class SegmentBuilder:
    """Collects documents and merged segments; `finish` writes them as one segment, in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._storage = FileStorage(str(folder))
        self._codec = WholeListCodec()
        self._record: StoredSegment = self._codec.new_segment(self._storage, INDEX_NAME)
        self._schema = make_schema()
        self._documents: Any = self._codec.per_document_writer(self._storage, self._record)
        self._lists: Lists = {field: {} for field in TERM_FIELDS}
        self.size = 0

    def add(self, analysed: Analysed) -> None:
        document = analysed.document
        self._add_row(
            {"id": document.id, "title": document.title, "text": document.text},
            dict(zip(NUMBERS, analysed.numbers, strict=True)),
        )
        for field, counts in analysed.terms.items():
            lists = self._lists[field]
            for term, count in counts.items():
                ids, weights = lists.setdefault(term, (array("I"), array("f")))
                ids.append(self.size - 1)
                weights.append(float(count))

    def merge(self, segment: Segment, live: NDArray[np.bool_]) -> None:
        """Take over the living documents of a segment."""
        renumbered = np.cumsum(live) - 1 + self.size
        for number in np.flatnonzero(live).tolist():
            numbers = {name: int(column[number]) for name, column in segment.numbers.items()}
            self._add_row(segment.stored(number), numbers)
        for field, term, (ids, counts) in segment.every_list():
            alive = live[ids]
            if alive.any():
                into = self._lists[field].setdefault(term, (array("I"), array("f")))
                into[0].frombytes(renumbered[ids[alive]].astype(np.uint32).tobytes())
                into[1].frombytes(counts[alive].astype(np.float32).tobytes())
        if segment.problem:
            raise ValueError(segment.problem)

    def finish(self) -> StoredSegment | None:
        """The record of the stored segment; None when there was nothing to store."""
        self._documents.close()
        self._record.set_doc_count(self.size)
        self._write_lists()
        if not self.size:
            for name in self._record.list_files(self._storage):
                self._storage.delete_file(name)
            return None
        self._record.create_compound_file(self._storage)
        return self._record

    def _add_row(self, stored: dict[str, str], numbers: dict[str, int]) -> None:
        rows = self._documents
        rows.start_doc(self.size)
        for name, value in stored.items():
            rows.add_field(name, None, value, 0)
        for name, number in numbers.items():
            rows.add_column_value(name, NUMBER, number)
        rows.finish_doc()
        self.size += 1

    def _write_lists(self) -> None:
        writer = self._codec.field_writer(self._storage, self._record)
        for field in TERM_FIELDS:
            lists = self._lists[field]
            if not lists:
                continue
            writer.start_field(field, self._schema[field])
            for term in sorted(lists, key=str.encode):
                ids, counts = lists[term]
                writer.add_term(term, ids, counts)
            writer.finish_field()
        writer.close()


def write_segment(folder: Path, documents: Iterable[Analysed]) -> StoredSegment | None:
    builder = SegmentBuilder(folder)
    for document in documents:
        builder.add(document)
    return builder.finish()
