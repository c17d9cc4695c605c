"""A corpus in memory and questions to it, for tests of what is found without an engine around it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search_index.documents import Document
from search_index.flat.inverting import Inverter
from search_index.flat.segment import open_segment
from search_index.hits import Hits, SearchQuery
from search_index.querying.searching import find_documents
from search_index.storing.corpus import Corpus
from search_index.storing.opening import corpus_of as corpus_of_segments
from search_index.storing.opening import empty_corpus
from search_index.storing.parts import OpenSegment
from search_index.storing.schema import analyse
from tests.search_index.writing import ALL


def corpus_of(documents: Iterable[Document]) -> Corpus:
    corpus = empty_corpus(everyone=1)
    for document in documents:
        corpus.add(analyse(document))
    return corpus


def stored_corpus_of(folder: Path, segments: Sequence[Iterable[Document]], fresh: Iterable[Document]) -> Corpus:
    """Some documents in stored segments, others in memory. No id may come twice."""
    opened = []
    for documents in segments:
        inverter = Inverter()
        for document in documents:
            inverter.add(analyse(document))
        name = inverter.write(folder)
        if name is not None:
            opened.append((OpenSegment(open_segment(folder, name)), np.empty(0, np.int64)))
    corpus = corpus_of_segments(opened, empty_corpus(everyone=1))
    for document in fresh:
        corpus.add(analyse(document))
    return corpus


def hits(corpus: Corpus, text: str, audiences: frozenset[int] = ALL, **filters: Any) -> Hits:
    return find_documents(corpus, SearchQuery(text, audiences, **{"limit": 100, **filters}))


def found(corpus: Corpus, text: str, audiences: frozenset[int] = ALL, **filters: Any) -> set[str]:
    return {hit.id for hit in hits(corpus, text, audiences, **filters).items}
