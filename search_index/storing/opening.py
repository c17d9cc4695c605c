"""Making the row of documents from open segments; a state that only has more of them costs what is new."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.storing.arrays.transposed import Source, Transposed
from search_index.storing.columns import NOBODY_CODE, Columns, Numberings
from search_index.storing.corpus import Corpus
from search_index.storing.parts import OpenSegment, Part
from search_index.storing.statistics import Statistics

Numbers = NDArray[np.int64]
Segments = Sequence[tuple[OpenSegment, Numbers]]
"""Open segments, and which of their documents are dead."""


def empty_corpus(everyone: int) -> Corpus:
    columns = Columns(Numberings(everyone))
    return Corpus((), columns, Statistics(), Transposed(_authors_in(columns)))


def corpus_of(segments: Segments, before: Corpus) -> Corpus:
    """The stored state, without what is in memory. Taken over from `before` as far as both begin alike."""
    kept = 0
    while kept < min(len(segments), len(before.parts)) and segments[kept][0] is before.parts[kept].opened:
        kept += 1
    parts = list(before.parts[:kept])
    size = parts[-1].end if parts else 0
    more = sum(opened.segment.size for opened, _ in segments[kept:])
    columns = before.columns.first(size, more=more)
    statistics = before.statistics.first(before.columns, size, more=more)
    for opened, dead in segments[kept:]:
        part = Part(opened, columns.audience.size)
        columns.extend(opened.segment)
        opened.segment.file.release()  # what was copied needs no mapped pages any more
        columns.audience.view()[part.start + dead] = NOBODY_CODE
        parts.append(part)
    statistics.extend(columns)
    corpus = Corpus(parts, columns, statistics, before.authors.first(_authors_in(columns), size))
    for part, (_, dead) in zip(parts[:kept], segments, strict=False):
        _let_die(corpus, part, dead)
    return corpus


def _let_die(corpus: Corpus, part: Part, dead: Numbers) -> None:
    """Of a part that was taken over, those are dead that the stored state says, and no others: what `before` had newer
    in memory is alive in the segment, which may by now hold that very document."""
    is_dead = np.zeros(part.end - part.start, np.bool_)
    is_dead[dead] = True
    was_dead = corpus.columns.audience.view()[part.start : part.end] == NOBODY_CODE
    for number in np.flatnonzero(is_dead != was_dead).tolist():
        if is_dead[number]:
            corpus.bury(part.start + number)
        else:
            corpus.revive(part, number)


def _authors_in(columns: Columns) -> Source:
    def authors(start: int, end: int) -> tuple[Numbers, NDArray[np.int32]]:
        return np.arange(start, end), columns.author.view()[start:end]

    return authors


def dead_in(corpus: Corpus) -> tuple[tuple[OpenSegment, Numbers], ...]:
    """The open segments, each with its dead documents as of now."""
    audience = corpus.columns.audience.view()
    return tuple((part.opened, np.flatnonzero(audience[part.start : part.end] == NOBODY_CODE)) for part in corpus.parts)
