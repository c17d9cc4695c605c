"""From a search query to a page of hits: filters before the words, order and counts after them."""

from collections.abc import Mapping

import numpy as np

from search_index.corpus import Corpus, Flags
from search_index.engine import Hit, Hits, Order, SearchQuery
from search_index.keywords import Found, find
from search_index.reading import Reading
from search_index.schema import label, moment

MOST_HITS, DEEPEST_HIT = 100, 1_000


def find_documents(corpus: Corpus, readable: Flags, query: SearchQuery) -> Hits:
    reading = Reading(corpus, _filtered(corpus, readable, query), titles=True)
    documents, scores = find(reading, query.text, prefix_last=query.prefix_last)
    kinds = _count_kinds(corpus, documents)
    if query.kinds:
        wanted = np.isin(corpus.kind.view()[documents], corpus.kind_names.find(query.kinds))
        documents, scores = documents[wanted], scores[wanted]
    order = _ordered(corpus, (documents, scores), query.order)
    offset = max(0, min(query.offset, DEEPEST_HIT))
    page = order[offset : offset + max(0, min(query.limit, MOST_HITS))]
    hits = (_hit(corpus, int(documents[at]), float(scores[at])) for at in page)
    return Hits(items=tuple(hit for hit in hits if hit), total=len(documents), kinds=kinds)


def _filtered(corpus: Corpus, readable: Flags, query: SearchQuery) -> Flags:
    size = len(readable)
    usable = readable
    if query.authors:
        usable = usable & np.isin(corpus.author.view(size), corpus.people.find(query.authors))
    if query.since is not None:
        usable = usable & (corpus.created.view(size) >= int(query.since.timestamp()))
    if query.until is not None:
        usable = usable & (corpus.created.view(size) < int(query.until.timestamp()))
    if query.topics:
        codes = corpus.label_names.find(label(topic) for topic in query.topics)
        pairs = min(corpus.label.size, corpus.label_document.size)
        where = corpus.label_document.view(pairs)[np.isin(corpus.label.view(pairs), codes)]
        labelled = np.zeros(size, np.bool_)
        labelled[where[where < size]] = True
        usable = usable & labelled
    return usable


def _count_kinds(corpus: Corpus, documents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Mapping[str, int]:
    counts = np.bincount(corpus.kind.view()[documents], minlength=len(corpus.kind_names.names))
    return {corpus.kind_names.names[code]: int(counts[code]) for code in np.flatnonzero(counts)}


def _ordered(corpus: Corpus, found: Found, order: Order) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    documents, scores = found
    tie, created = corpus.tie.view()[documents], corpus.created.view()[documents]
    if order is Order.NEWEST:
        return np.lexsort((tie, -created))
    return np.lexsort((tie, -created, -scores))


def _hit(corpus: Corpus, number: int, score: float) -> Hit | None:
    stored = corpus.stored(number)
    if not stored:
        return None
    return Hit(
        id=stored["id"],
        kind=corpus.kind_names.names[corpus.kind.view()[number]],
        score=score,
        author_id=int(corpus.people.ids()[corpus.author.view()[number]]),
        audience_id=int(corpus.audiences.ids()[corpus.audience.view()[number]]),
        created_at=moment(int(corpus.created.view()[number])),
    )
