"""The product's own engine over the index of a data folder: as query objects, and whole questions through the port."""

from collections.abc import Sequence
from pathlib import Path

from whoosh import query

from benchmarks.search_speed.corpus import Corpus, audiences_of
from benchmarks.search_speed.engines.rivals import TOP, Ask
from benchmarks.search_speed.engines.stock_whoosh import whoosh_query
from search_index.analysis import tokens
from search_index.expertise import ExpertQuery
from search_index.hits import SearchQuery
from search_index.querying.evaluating import Evaluator
from search_index.whoosh_engine import WhooshEngine

PORT_CLASSES = ("port-keyword", "port-phrase", "port-prefix", "port-suggest")
"""Through the port, as the product asks, with twenty audiences; the name without its beginning tells which
questions are asked."""

_PORT = "port-"


class Couth:
    """`folder` is a data folder; the corpus whose viewers ask lies beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._viewers = [audiences_of(groups) for groups in Corpus(folder.parent / "corpus").questions()["viewers"]]
        self._asked = 0

    def build(self, corpus: Corpus) -> None:
        raise NotImplementedError(f"{corpus.name}: the index is made from the database, see product.py")

    def open(self) -> None:
        self._engine = WhooshEngine(self._folder / "index", writer=False)
        self._corpus = self._engine._index.current()  # noqa: SLF001 (the level below the port is measured too)
        self._everything = self._corpus.allowed(self._corpus.columns.codes.audiences.ids().tolist())

    def asking(self, kind: str, text: str) -> Ask:
        self._asked += 1
        viewer = self._viewers[self._asked % len(self._viewers)]
        if kind in ("expert", "sentence"):
            return lambda: self._experts(text, viewer)
        if kind.startswith(_PORT):
            return self._through_the_port(kind.removeprefix(_PORT), text, viewer)
        # A beginning or a mistyped word is looked for as it is; of whole words the index knows the terms.
        terms = text if kind in ("prefix", "fuzzy") else " ".join(tokens(text)[0]) or text
        asked = whoosh_query("text", kind, terms)
        return lambda: self._best(asked)

    def _best(self, asked: query.Query) -> Sequence[str]:
        """As the rivals are asked: no viewer, the ids of the ten best."""
        documents, _ = Evaluator(self._corpus, self._everything).best(asked, TOP)
        return self._corpus.ids_of(documents)

    def _through_the_port(self, kind: str, text: str, viewer: frozenset[int]) -> Ask:
        match kind:
            case "suggest":
                return lambda: [hit.author_id for hit in self._engine.suggest(text, audiences=viewer)]
            case "phrase":
                return lambda: self._hits(f'"{text}"', viewer)
            case "prefix":
                return lambda: self._hits(f"{text}*", viewer)
            case _:
                return lambda: self._hits(text, viewer)

    def _hits(self, text: str, viewer: frozenset[int]) -> Sequence[int]:
        found = self._engine.search(SearchQuery(text, viewer, limit=TOP))
        return [hit.author_id for hit in found.items]

    def _experts(self, text: str, viewer: frozenset[int]) -> Sequence[int]:
        return [expert.person_id for expert in self._engine.experts(ExpertQuery(text, viewer, limit=TOP)).items]
