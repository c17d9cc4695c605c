"""Rows of documents to ask about, in memory or stored, as the engine holds them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from search_index.documents import EVERYONE, Document
from search_index.flat.inverting import Inverter
from search_index.flat.segment import open_segment
from search_index.relations import Vocabulary
from search_index.storing.corpus import Corpus
from search_index.storing.opening import corpus_of, empty_corpus
from search_index.storing.parts import OpenSegment
from search_index.storing.schema import analyse

TOPICS = Vocabulary(
    {
        "kafka": ["Kafka", "event streams"],
        "tls": ["TLS", "certificates"],
        "welding": ["welding"],
        "edge-gateways": ["edge-gateways"],
        "lunch": ["lunch"],
    }
)


def in_memory(documents: Iterable[Document], corpus: Corpus | None = None) -> Corpus:
    """A row with these documents (after those of `corpus`) that are not stored."""
    row = corpus or empty_corpus(EVERYONE)
    for document in documents:
        row.add(analyse(document))
    return row


def stored(documents: Iterable[Document], folder: Path, *, each: int = 100_000) -> Corpus:
    """The same, stored in segments of `each` documents."""
    folder.mkdir(parents=True, exist_ok=True)
    names: list[str | None] = []
    inverter = Inverter()
    for document in documents:
        inverter.add(analyse(document))
        if inverter.size == each:
            names.append(inverter.write(folder))
            inverter = Inverter()
    names.append(inverter.write(folder))
    nobody = np.empty(0, np.int64)
    segments = [(OpenSegment(open_segment(folder, name)), nobody) for name in names if name]
    return corpus_of(segments, empty_corpus(EVERYONE))
