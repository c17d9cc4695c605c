"""A corpus in memory and questions to it, for tests of what is found without an engine around it."""

from collections.abc import Iterable

from search_index.engine import Document, Hits, SearchQuery
from search_index.querying.searching import find_documents
from search_index.storing.corpus import Corpus
from search_index.storing.opening import empty_corpus
from search_index.storing.schema import analyse
from tests.search_index.writing import ALL


def corpus_of(documents: Iterable[Document]) -> Corpus:
    corpus = empty_corpus(everyone=1)
    for document in documents:
        corpus.add(analyse(document))
    return corpus


def hits(corpus: Corpus, text: str, audiences: frozenset[int] = ALL, **filters: object) -> Hits:
    return find_documents(corpus, SearchQuery(text, audiences, **{"limit": 100, **filters}))  # type: ignore[arg-type]


def found(corpus: Corpus, text: str, audiences: frozenset[int] = ALL, **filters: object) -> set[str]:
    return {hit.id for hit in hits(corpus, text, audiences, **filters).items}
