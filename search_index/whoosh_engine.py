"""The engine that the port opens: Whoosh's files below, whole-list arithmetic above, memory for what is new.

What is applied goes into memory at once, in every process. The worker stores it now and then; every other
process notices the new manifest, opens the new segments and forgets what they hold. A reader of the index
is never refreshed in place: a new state is opened beside the old one and takes its place in one assignment,
so that a running search keeps the state it began with.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import RLock

from search_index import store
from search_index.corpus import Corpus
from search_index.engine import (
    EVERYONE,
    Batch,
    Document,
    ExpertQuery,
    Experts,
    Health,
    Helper,
    Hit,
    Hits,
    SearchQuery,
)
from search_index.evidence import find_experts
from search_index.manifest import NAME, DamagedError, Manifest, read_manifest
from search_index.schema import Analysed, analyse
from search_index.searching import find_documents

LOOK_EVERY = 0.05
"""Seconds between two looks at the manifest while searches come in."""

IDLE_EVENTS = 1_000
"""Events that concern no document are worth a write only when replaying them would take noticeable time."""

Recent = tuple[int, Analysed | None]
"""The outbox number of a change, and the document; None when it was removed."""


class WhooshEngine:
    def __init__(self, directory: Path, *, writer: bool, everyone: int = EVERYONE) -> None:
        self._directory = directory
        self._writer = writer
        self._everyone = everyone
        self._lock = RLock()
        self._storing = RLock()
        self._recent: dict[str, Recent] = {}
        self._applied = 0
        self._manifest = Manifest()
        self._problems: tuple[str, ...] = ()
        self._seen: tuple[int, int, int] | None = None
        self._looked = 0.0
        self._corpus = Corpus((), everyone=everyone)
        directory.mkdir(parents=True, exist_ok=True)
        self.refresh()
        self._applied = self._manifest.watermark

    @property
    def watermark(self) -> int:
        return self._applied

    @property
    def pending(self) -> int:
        return len(self._recent)

    def apply(self, batch: Batch) -> None:
        analysed = [analyse(document) for document in batch.add]
        with self._lock:
            mark = max(batch.watermark, self._applied)
            for identity in batch.remove:
                self._corpus.remove(identity)
                self._recent[identity] = (mark, None)
            for document in analysed:
                self._corpus.add(document)
                self._recent[document.id] = (mark, document)
            self._applied = mark

    def flush(self) -> bool:
        if not self._writer:
            raise RuntimeError("only the engine that was opened for writing stores anything")
        with self._storing, store.locked(self._directory, "WRITELOCK"):
            self.refresh()
            with self._lock:
                stored, watermark = dict(self._recent), self._applied
                manifest = self._manifest
                segments = {segment.name: segment for segment in self._corpus.segments}
            if not stored and watermark < manifest.watermark + IDLE_EVENTS:
                return False
            changes = {identity: document for identity, (_, document) in stored.items()}
            made = store.commit(self._directory, manifest, segments, changes, watermark=watermark)
            with self._lock:
                self._open(made, stored=stored)
            return True

    def refresh(self) -> None:
        with self._lock:
            self._looked = time.monotonic()
            for _ in range(10):
                seen = self._look()
                if seen == self._seen and (seen is not None or self._problems):
                    return
                try:
                    self._read(seen)
                except store.GoneError:
                    time.sleep(0.01)  # another process is in the middle of a swap
                else:
                    return
            self._problems = (*self._problems, "the files that the manifest names are not there")

    def search(self, query: SearchQuery) -> Hits:
        corpus = self._current()
        return find_documents(corpus, corpus.readable(query.audiences, corpus.size), query)

    def experts(self, query: ExpertQuery) -> Experts:
        corpus = self._current()
        return find_experts(corpus, corpus.readable(query.audiences, corpus.size), query)

    def suggest(
        self, text: str, *, audiences: frozenset[int], kinds: frozenset[str] = frozenset(), limit: int = 8
    ) -> tuple[Hit, ...]:
        if not text.strip():
            return ()
        return self.search(SearchQuery(text, audiences, kinds=kinds, limit=limit, prefix_last=True)).items

    def health(self) -> Health:
        self.refresh()
        return self._health(())

    def check(self) -> Health:
        self.refresh()
        return self._health(store.damages(self._directory, self._manifest))

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        watermark: int,
        progress: Callable[[int], None] | None = None,
        helper: Helper | None = None,
    ) -> int:
        if not self._writer or helper is not None:
            raise RuntimeError("only the engine that was opened for writing stores anything, and by itself")
        made = store.rebuild(self._directory, documents, watermark=watermark, progress=progress)
        self.refresh()
        return made.documents

    def close(self) -> None:
        with self._lock:
            self._recent.clear()
            self._corpus = Corpus((), everyone=self._everyone)

    # -- states of the index

    def _current(self) -> Corpus:
        """The newest state; a search never waits for another thread that is opening one."""
        if time.monotonic() - self._looked > LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self.refresh()
            finally:
                self._lock.release()
        return self._corpus

    def _look(self) -> tuple[int, int, int] | None:
        try:
            status = (self._directory / NAME).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _read(self, seen: tuple[int, int, int] | None) -> None:
        try:
            manifest = read_manifest(self._directory)
        except DamagedError as error:
            self._problems, self._seen = (str(error),), seen
            return
        if manifest is None:
            lost = self._manifest.folder != ""
            self._problems = ("the index is gone",) if lost else ("there is no index yet",)
            self._seen = None
            return
        self._open(manifest)
        self._seen = seen

    def _open(self, manifest: Manifest, *, stored: dict[str, Recent] | None = None) -> None:
        """Make a stored state the current one and keep on top of it what it does not hold yet.

        `stored` are the very changes that this process has just written; other processes go by the watermark.
        """
        known = (
            {segment.name: segment for segment in self._corpus.segments}
            if manifest.folder == self._manifest.folder
            else {}
        )
        loaded = store.load(self._directory, manifest, known)
        corpus = Corpus(loaded.segments, everyone=self._everyone)
        kept: dict[str, Recent] = {}
        for identity, change in self._recent.items():
            if stored.get(identity) is change if stored is not None else change[0] <= manifest.watermark:
                continue
            kept[identity] = change
            if change[1] is None:
                corpus.remove(identity)
            else:
                corpus.add(change[1])
        rebuilt = self._manifest.folder not in (manifest.folder, "")
        # A rebuilt index may be older than what an earlier flush let go of: those events are asked for again.
        self._applied = manifest.watermark if rebuilt else max(self._applied, manifest.watermark)
        self._recent, self._problems, self._manifest = kept, loaded.problems, manifest
        self._corpus = corpus
        self._seen = self._look()

    def _health(self, damages: Iterable[str]) -> Health:
        corpus = self._corpus
        torn = (segment.problem for segment in corpus.segments if segment.problem)
        problems = tuple(dict.fromkeys((*self._problems, *torn, *damages)))
        return Health(
            ok=not problems,
            rebuild=bool(problems) or not self._manifest.complete,
            documents=corpus.documents,
            pending=len(self._recent),
            watermark=self._applied,
            segments=len(corpus.segments),
            bytes=sum(size for size, _ in self._manifest.files.values()),
            generation=self._manifest.generation,
            problems=problems,
        )
