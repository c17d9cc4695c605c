"""The oracle: an ordinary index of stock Whoosh with its own codec, over the very same tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from whoosh import query
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from search_index.documents import Document
from search_index.querying.evaluating import Evaluator
from search_index.querying.language.whoosh_schema import make_schema
from search_index.storing.corpus import Corpus
from search_index.storing.opening import empty_corpus
from search_index.storing.schema import analyse
from tests.search_index.writing import document


class OwnStorage(RamStorage):  # type: ignore[misc]  # Whoosh carries no types
    """In memory. Whoosh writes through a folder in the system's temporary one; its own name for it is the same in
    every process, so that two test runs take away each other's files."""

    def temp_storage(self, name: str | None = None) -> FileStorage:
        folder = mkdtemp(prefix=name)
        finalize(self, rmtree, folder, ignore_errors=True)
        return FileStorage(folder)


@dataclass(frozen=True, slots=True)
class Both:
    """The same documents in stock Whoosh and in a corpus of ours, numbered alike."""

    corpus: Corpus
    searcher: Searcher

    def ours(self, node: query.Query) -> dict[int, float]:
        found = Evaluator(self.corpus, self.corpus.allowed([1])).find(node)
        return dict(zip(found.documents.tolist(), found.scores().tolist(), strict=True))

    def stock(self, node: query.Query) -> dict[int, float]:
        return {hit.docnum: hit.score for hit in self.searcher.search(node, limit=None)}


def both(texts: Sequence[str]) -> Both:
    corpus = empty_corpus(everyone=1)
    schema = make_schema()
    index = OwnStorage().create_index(schema)
    writer = SegmentWriter(index, codec=W3Codec())
    for number, text in enumerate(texts):
        made: Document = document(number, text)
        corpus.add(analyse(made))
        writer.add_document(text=made.text, title=made.title)
    writer.commit()
    return Both(corpus, index.searcher())
