"""The product's own engine over the index of a data folder: as query objects, and whole questions through the port."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.search_speed.corpus import Corpus, audiences_of
from benchmarks.search_speed.rivals import TOP, Ask
from search_index.engine import Engine, ExpertQuery, SearchQuery, open_engine

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
        self._engine: Engine = open_engine(self._folder / "index", writer=False)

    def asking(self, kind: str, text: str) -> Ask:
        self._asked += 1
        viewer = self._viewers[self._asked % len(self._viewers)]
        if kind in ("expert", "sentence"):
            return lambda: self._experts(text, viewer)
        if kind.startswith(_PORT):
            return self._through_the_port(kind.removeprefix(_PORT), text, viewer)
        return lambda: self._hits(text, viewer)

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
