"""The part of merging that goes document by document: ids and columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from search_index.flat.layout import CODED, FIELDS, NAMED
from search_index.flat.writing.document_writer import DocumentWriter
from search_index.flat.writing.source import Source


def merge_documents(sources: Sequence[Source], into: DocumentWriter) -> None:
    for source in sources:
        ties = source.segment.column("tie")
        for block in source.blocks():
            lengths, text = source.rows("id.starts", "id.text", block)
            part = slice(block.start, block.stop)
            into.encoded_ids(text, lengths, ties[part][source.live[part]])
    for name in ("created", *(f"length.{field}" for field in FIELDS)):
        columns = [source.segment.column(name) for source in sources]
        kind = np.result_type(*columns)
        for source, column in zip(sources, columns, strict=True):
            into.column(name, column[source.live].astype(kind))
    for name in CODED:
        _merge_codes(sources, name, [source.segment.table(name).tolist() for source in sources], into)
    for name in NAMED:
        _merge_codes(sources, name, [source.segment.names(name) for source in sources], into)


def _merge_codes(sources: Sequence[Source], name: str, tables: Sequence[list[Any]], into: DocumentWriter) -> None:
    """The new table has what living documents use, and no more."""
    columns = [source.segment.column(name)[source.live] for source in sources]
    used = [np.unique(column).tolist() for column in columns]
    together = sorted({table[code] for table, codes in zip(tables, used, strict=True) for code in codes})
    number = {value: place for place, value in enumerate(together)}
    for column, table, codes in zip(columns, tables, used, strict=True):
        places = np.zeros(len(table), np.int64)
        places[codes] = [number[table[code]] for code in codes]
        into.coded(name, places[column], np.array(together, np.int64) if name in CODED else together)
