"""Several segments become one, without what died in them: arrays are moved, no text is analysed again.

Terms are merged in blocks of bounded size, so that memory does not grow with the segments.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.flat.layout import FIELDS, PAIRED, POSITIONED
from search_index.flat.rows import Integers, indexes, starts_of
from search_index.flat.segment import Segment, new_name, segment_files
from search_index.flat.writing.array_writer import ArrayWriter
from search_index.flat.writing.document_merging import merge_documents
from search_index.flat.writing.document_writer import DocumentWriter
from search_index.flat.writing.source import Source, aligned_blocks
from search_index.flat.writing.term_writer import TermBlock, TermWriter


def merge(segments: Sequence[tuple[Segment, NDArray[np.bool_]]], folder: Path) -> str | None:
    """A new segment with the documents that are `live`, in the order of the segments and their documents;
    None when nothing is.

    DamagedError when one of the segments cannot be read, ValueError when it holds what only Whoosh wrote.
    """
    sources = _sources(segments)
    if not sum(source.documents for source in sources):
        return None
    name = new_name()
    with ArrayWriter(folder) as arrays:
        documents = DocumentWriter(arrays)
        merge_documents(sources, documents)
        terms = TermWriter(arrays, long_texts=any(source.has_long_texts for source in sources))
        for field in FIELDS:
            codes = _merge_field(sources, field, terms)
            if field in PAIRED:
                _merge_pairs(sources, field, codes, documents)
        terms.finish()
        documents.finish()
        arrays.facts["positions"] = sorted(POSITIONED)
        arrays.save(folder / segment_files(name)[0])
    return name


def _sources(segments: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> list[Source]:
    sources: list[Source] = []
    base = 0
    for segment, live in segments:
        sources.append(Source(segment, live, base))
        base += sources[-1].documents
    return sources


def _merge_field(sources: Sequence[Source], field: str, terms: TermWriter) -> list[Integers]:
    """For each source the new code of each of its terms (-1 for one that died out)."""
    codes = [np.full(len(source.segment.terms(field)), -1, np.int64) for source in sources]
    done = 0
    terms.start(field)
    for texts, runs in aligned_blocks(sources, field):
        block, alive = _merge_block(sources, texts, runs)
        terms.add(field, block)
        numbers = np.where(alive, np.cumsum(alive) - 1 + done, -1)
        for source, table, (run, targets) in zip(sources, codes, runs, strict=True):
            first = run.start - source.segment.terms(field).start
            table[first : first + len(run)] = numbers[targets]
        done += len(block.texts)
        for source in sources:
            source.segment.file.release()
    return codes


def _merge_block(
    sources: Sequence[Source], texts: list[bytes], runs: Sequence[tuple[range, Integers]]
) -> tuple[TermBlock, NDArray[np.bool_]]:
    """The postings of some terms, term by term and source by source, and which of the terms are left."""
    parts = [source.postings(run) for source, (run, _) in zip(sources, runs, strict=True)]
    counts = [np.zeros(len(texts), np.int64) for _ in parts]
    for count, part, (_, targets) in zip(counts, parts, runs, strict=True):
        count[targets] = part.counts
    totals: Integers = np.sum(counts, axis=0, dtype=np.int64)
    begin = starts_of(totals)
    places: list[Integers] = []
    for count in counts:
        places.append(indexes(begin, count))
        begin += count
    alive: NDArray[np.bool_] = totals > 0
    position_counts = _placed([part.position_counts for part in parts], places)
    begin = starts_of(position_counts)
    positions = [indexes(begin[place], part.position_counts) for part, place in zip(parts, places, strict=True)]
    return TermBlock(
        texts=[text for text, lives in zip(texts, alive.tolist(), strict=True) if lives],
        counts=totals[alive],
        documents=_placed([part.documents for part in parts], places),
        length_codes=np.right_shift(_placed([part.keys for part in parts], places), 8, dtype=np.uint16),
        frequencies=_placed([part.frequencies for part in parts], places),
        position_counts=position_counts,
        positions=_placed([part.positions for part in parts], positions),
    ), alive


def _placed(parts: Sequence[NDArray[Any]], places: Sequence[Integers]) -> NDArray[Any]:
    """One array, in which each part's values stand at the places that were worked out for them."""
    together = np.empty(sum(map(len, places)), np.result_type(*parts))
    for part, place in zip(parts, places, strict=True):
        together[place] = part
    return together


def _merge_pairs(sources: Sequence[Source], name: str, codes: Sequence[Integers], into: DocumentWriter) -> None:
    for source, table in zip(sources, codes, strict=True):
        for block in source.blocks():
            counts, old = source.rows(f"pairs.{name}.starts", f"pairs.{name}.codes", block)
            into.pairs(name, counts, table[old])
