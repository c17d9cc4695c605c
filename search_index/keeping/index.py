"""The index of one process: what is stored, with what came since on top of it in memory.

What is applied goes into memory at once, in every process. The worker stores it now and then; every other
process notices the new manifest, opens the new segments and forgets what they hold. A new state is opened
beside the old one and takes its place in one assignment, so that a running search keeps the state it began
with, and no search ever waits for one that is being opened.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from search_index.damage import DamagedError
from search_index.documents import Batch, Document
from search_index.engine import Health, Helper
from search_index.keeping.committing import commit
from search_index.keeping.loading import GoneError, Loaded, damages, load
from search_index.keeping.locks import WRITE, Mutex, locked
from search_index.keeping.manifest import NAME, Entry, Manifest, read_manifest
from search_index.keeping.merging import Merged, merged_beside, replace_with
from search_index.keeping.rebuilding import rebuild
from search_index.storing.corpus import Corpus
from search_index.storing.opening import corpus_of, dead_in, empty_corpus
from search_index.storing.schema import Analysed, analyse

LOOK_EVERY = 0.05
"""Seconds between two looks at the manifest while searches come in."""

IDLE_EVENTS = 1_000
"""Events that concern no document are worth a write only when replaying them would take noticeable time."""

Change = tuple[int, Analysed | None]
"""The outbox number of a change, and the document; None when it was removed."""

Changes = dict[str, Change]


class Index:
    """Locks are taken in the order in which they stand here: `_storing` and the lock between processes while
    files are written, `_opening` while a state is read, `_changing` while the present state changes."""

    def __init__(self, directory: Path, *, everyone: int) -> None:
        self._directory = directory
        self._everyone = everyone
        self._storing, self._opening, self._changing = Mutex(), Mutex(), Mutex()
        self._recent: Changes = {}
        self._manifest = Manifest()
        self._problems: tuple[str, ...] = ()
        self._seen: tuple[int, int, int] | None = None
        self._looked = 0.0
        self._corpus = empty_corpus(everyone)
        self.watermark = 0
        directory.mkdir(parents=True, exist_ok=True)
        self.refresh()

    @property
    def pending(self) -> int:
        return len(self._recent)

    def current(self) -> Corpus:
        """The newest state; nobody waits for another thread that is opening one."""
        if time.monotonic() - self._looked > LOOK_EVERY and self._opening.enter_if_free():
            try:
                self._refresh()
            finally:
                self._opening.__exit__()
        return self._corpus

    def refresh(self) -> None:
        with self._opening:
            self._refresh()

    def apply(self, batch: Batch) -> None:
        analysed = [analyse(document) for document in batch.add]
        with self._changing:
            if batch.watermark < self.watermark:
                return  # a stored state came in meanwhile that holds all of it, and perhaps what was changed after it
            for identity in batch.remove:
                self._corpus.remove(identity)
                self._recent[identity] = (batch.watermark, None)
            for document in analysed:
                self._corpus.add(document)
                self._recent[document.id] = (batch.watermark, document)
            self.watermark = batch.watermark

    def flush(self) -> bool:
        """Store what is in memory; what comes in meanwhile stays there for the next time."""
        with self._storing, locked(self._directory, WRITE):
            self.refresh()
            with self._changing:
                stored, watermark, manifest = dict(self._recent), self.watermark, self._manifest
                state = dead_in(self._corpus)
            if not stored and watermark < manifest.watermark + IDLE_EVENTS:
                return False
            fresh = (analysed for _, analysed in stored.values() if analysed is not None)
            made = commit(self._directory, manifest, state, fresh, watermark=watermark)
            self._take_over(made, stored)
        return True

    def merge(self, chosen: Iterable[Entry]) -> bool:
        """Make one segment of several; only the swap at the end keeps others from storing. False when that cannot
        be, because one is damaged or has been replaced meanwhile."""
        names = {entry.name for entry in chosen}
        with self._changing:
            sources = tuple(part for part in dead_in(self._corpus) if part[0].name in names)
        if len(sources) < len(names):
            return False
        try:
            with merged_beside(self._directory, sources) as merged:
                return self._swap(merged)
        except DamagedError:
            for opened, _ in sources:
                opened.check()
            return False

    def _swap(self, merged: Merged) -> bool:
        with self._storing, locked(self._directory, WRITE):
            self.refresh()
            made = replace_with(self._directory, merged)
            if made is not None:
                self._take_over(made, {})
        return made is not None

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        watermark: int,
        progress: Callable[[int], None] | None,
        helper: Helper | None,
    ) -> int:
        made = rebuild(self._directory, documents, watermark=watermark, progress=progress, helper=helper)
        self.refresh()
        return made.documents

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The stored segments."""
        return self._manifest.segments

    def health(self, *, thorough: bool) -> Health:
        self.refresh()
        corpus, manifest = self._corpus, self._manifest
        torn = (part.opened.problem for part in corpus.parts if part.opened.problem)
        found = damages(self._directory, manifest) if thorough else []
        problems = tuple(dict.fromkeys((*self._problems, *torn, *found)))
        return Health(
            ok=not problems,
            rebuild=bool(problems) or not manifest.complete,
            documents=corpus.documents,
            pending=len(self._recent),
            watermark=self.watermark,
            segments=len(corpus.parts),
            bytes=manifest.bytes,
            generation=manifest.generation,
            problems=problems,
        )

    def close(self) -> None:
        with self._changing:
            self._recent = {}
            self._corpus = empty_corpus(self._everyone)

    # -- from state to state; the caller holds `_opening`

    def _refresh(self) -> None:
        self._looked = time.monotonic()
        for _ in range(10):
            seen = self._look()
            if seen == self._seen and (seen is not None or self._problems):
                return
            try:
                self._read(seen)
            except GoneError:
                time.sleep(0.01)  # another process is in the middle of a swap
            else:
                return
        self._problems = (*self._problems, "the files that the manifest names are not there")

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
        self._open(manifest, None)
        self._seen = seen

    def _take_over(self, manifest: Manifest, stored: Changes) -> None:
        """Open a state that this process has just written."""
        with self._opening:
            self._open(manifest, stored)
            self._seen = self._look()

    def _open(self, manifest: Manifest, stored: Changes | None) -> None:
        """Make a stored state the present one and keep on top of it what it does not hold yet.

        `stored` are the very changes that this process has just written; other processes go by the watermark.
        """
        rebuilt = manifest.folder != self._manifest.folder
        known = {} if rebuilt else {part.opened.name: part.opened for part in self._corpus.parts}
        loaded = load(self._directory, manifest, known)
        with self._changing:
            before = empty_corpus(self._everyone) if rebuilt else self._corpus
            self._install(manifest, loaded, corpus_of(loaded.segments, before), stored)

    def _install(self, manifest: Manifest, loaded: Loaded, corpus: Corpus, stored: Changes | None) -> None:
        kept: Changes = {}
        for identity, change in self._recent.items():
            if stored.get(identity) is change if stored is not None else change[0] <= manifest.watermark:
                continue
            kept[identity] = change
            if change[1] is None:
                corpus.remove(identity)
            else:
                corpus.add(change[1])
        # A rebuilt index may be older than what an earlier flush let go of: those events are asked for again.
        rebuilt = self._manifest.folder not in (manifest.folder, "")
        self.watermark = manifest.watermark if rebuilt else max(self.watermark, manifest.watermark)
        self._recent, self._problems, self._manifest = kept, loaded.problems, manifest
        self._corpus = corpus
