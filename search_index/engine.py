"""The port: everything the application may know about the engine, and the one way to open it.

Text and people go in, ranked people and passages come out. The application hands over plain documents with
the outbox number they were read at, and asks questions with the set of audiences the viewer may read; it
never learns how postings are stored. A second engine only has to keep the promises that are written here
and tested in `tests/search_index/`.

The database is the truth and the engine a cache of it. Every process that answers searches holds an engine
and feeds it from the outbox, starting at `engine.watermark`; what was applied is visible at once in that
process. Only the engine opened with `writer=True` (the worker) stores anything, with `flush()`.

Every method may be called from any thread, and none touches an event loop: call them through real threads.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search_index.documents import EVERYONE, Batch, Document
from search_index.expertise import ExpertQuery, Experts
from search_index.hits import Hit, Hits, SearchQuery
from search_index.relations import Knows, KnowsQuery, Meeting, MeetQuery, RelatedQuery, RelatedTopic, SimilarQuery

Ids = frozenset[int]
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Health:
    """`ok` is false while something is damaged; `rebuild` says that only a rebuild repairs it. Searches go
    on over what can be served."""

    ok: bool
    rebuild: bool
    documents: int
    pending: int
    watermark: int
    segments: int
    bytes: int
    generation: int
    problems: tuple[str, ...] = ()


Helper = Callable[[Path], AbstractContextManager[None]]
"""Has another process hand its own share of the documents to `build_part` with this folder. Leaving the context
waits for that process, and raises if it did not finish."""


class Engine(Protocol):
    @property
    def watermark(self) -> int:
        """The outbox number up to which this engine has seen everything; feed it what comes after. It can
        fall: after a rebuild, or when the index was found damaged, the caller simply continues from the new
        number."""

    @property
    def pending(self) -> int:
        """Documents and removals that are in memory only; a hint for when to flush."""

    def apply(self, batch: Batch) -> None:
        """Make changes visible to every search of this process; a batch behind `watermark` counts as known."""

    def flush(self) -> bool:
        """Store what is in memory (writer only); true if there was something. Safe against a crash at any
        moment."""

    def refresh(self) -> None:
        """Notice what another process has stored. Searches do it by themselves at most every 50 ms."""

    def search(self, query: SearchQuery) -> Hits: ...

    def experts(self, query: ExpertQuery) -> Experts: ...

    def suggest(
        self, text: str, *, audiences: Ids, kinds: Words = frozenset(), without: Ids = frozenset(), limit: int = 8
    ) -> tuple[Hit, ...]:
        """Documents for a half-typed line, the last word read as a beginning; titles count most."""

    def related(self, query: RelatedQuery) -> tuple[RelatedTopic, ...]: ...

    def meet(self, query: MeetQuery) -> tuple[Meeting, ...]: ...

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]: ...

    def knows(self, query: KnowsQuery) -> Knows: ...

    def health(self) -> Health: ...

    def check(self) -> Health:
        """Like health, after reading every stored byte again."""

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        watermark: int,
        progress: Callable[[int], None] | None = None,
        helper: Helper | None = None,
    ) -> int:
        """Build a new index beside the old one and swap at the end (writer only); returns how many
        documents it has. With a helper, `documents` are the rest of them, and progress is told of these alone.

        `watermark` is the outbox number read *before* the first document was. The old index answers
        meanwhile, and `engine.watermark` afterwards says from where to go on feeding.
        """

    def close(self) -> None: ...


def build_part(folder: Path, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None) -> int:
    """A helper's share of a rebuild; returns how many documents it was."""
    from search_index.keeping.rebuilding import build_segments  # noqa: PLC0415 (it imports this port)

    return build_segments(folder, documents, progress)


def open_engine(directory: Path, *, writer: bool, everyone: int = EVERYONE) -> Engine:
    """Open the index in `directory`, making an empty one if there is none.

    A torn or missing index opens too: it serves what it can and `health().rebuild` is true.
    """
    from search_index.whoosh_engine import WhooshEngine  # noqa: PLC0415 (the engine imports this port)

    return WhooshEngine(directory, writer=writer, everyone=everyone)
