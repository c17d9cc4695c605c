"""This process's hold on the search index: opening it, keeping it fresh, and asking it off the event loop.

The database is the truth and the index a cache of it. Every process feeds its own engine from the outbox, starting at
the engine's watermark, right before it answers: a post is found by the next search after its commit, without a thread
that keeps up in the background. Only one process stores: the one that holds the lock file.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Flask

from intranet.kernel import measures, outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import Runtime, runtime
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import system
from intranet.search import rebuilding, sources
from search_index.documents import Batch
from search_index.engine import Engine, Health, open_engine

log = logging.getLogger(__name__)

T = TypeVar("T")

_PART = "search"
_ROWS = 100  # a step of following: some ten milliseconds of the event loop when all of them are posts
_FRESH_SECONDS = 0.05  # how long a question may wait for what was written meanwhile
_FLUSH_DOCUMENTS = 20_000
_FLUSH_SECONDS = 5.0
CONTENTS = 2
"""Raised when documents hold something that following the outbox brings to new ones alone. An index of before is built
anew by the worker, once: 2 since messages of public rooms are evidence."""


class Index:
    """The engine of one process.

    Any number of questions are asked at once, each in a real thread. Following the outbox goes one at a time, and stays
    with the event loop: the sessions' own locks are the loop's, and must not be waited for from a real thread. So it
    reads little at a time, and lets the loop go on while the engine takes it in.
    """

    def __init__(self, parts: Runtime) -> None:
        self.database: Database = parts.database
        self._settings = parts.settings
        self.folder = parts.settings.index_folder
        self.lock = threading.RLock()
        self._wish = self.folder.with_suffix(".rebuild")
        self._contents = self.folder.with_suffix(".contents")
        self.rebuilding: threading.Thread | None = None
        self._engine: Engine | None = None
        self._key: int | None = None
        self._flushed = time.monotonic()
        self._reading = self._up_to_date = 0  # how often following began, and which of these last came to the end

    def ask(self, question: Callable[[Engine], T]) -> T:
        """What the engine says to ``question``, as of now. Call it outside any transaction."""
        with measures.search_seconds.time():
            self._catch_up()
            return run_blocking(question, self._open())

    def follow(self, *, seconds: float) -> bool:
        """Take in what happened since the watermark; False where time ran out first."""
        deadline = time.monotonic() + seconds
        with self.lock:
            self._reading += 1
            engine = self._open()
            at_end = False
            while not at_end:
                batch, at_end = read_changes(self.database, engine.watermark)
                if batch is not None:
                    run_blocking(engine.apply, batch)
                if not at_end and time.monotonic() > deadline:
                    return False
            self._up_to_date = self._reading
        return True

    def _catch_up(self) -> None:
        """Follow, unless somebody else has, from beginning to end, since this was called."""
        asked = self._reading
        with self.lock:
            if self._up_to_date <= asked:
                self.follow(seconds=_FRESH_SECONDS)

    def become_writer(self) -> bool:
        """Whether this process may store the index; asks for the lock file if nobody holds it."""
        if self._key is None:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            key = os.open(self.folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(key, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(key)
                return False
            with self.lock:
                self._key = key
                self._close_engine()
        return True

    def flush(self, *, at_once: bool = False) -> None:
        """Store what is in memory when there is enough of it, or when it has waited long enough."""
        engine = self._open()
        waited = time.monotonic() - self._flushed
        if engine.pending and (at_once or engine.pending >= _FLUSH_DOCUMENTS or waited > _FLUSH_SECONDS):
            run_blocking(engine.flush)
        if waited > _FLUSH_SECONDS or not engine.pending:
            self._flushed = time.monotonic()

    def needs_rebuild(self) -> bool:
        """Whether following the outbox cannot bring this index up to date.

        It was damaged or never filled, was away longer than events are kept, is ahead of a database that was restored
        from an older copy, or holds documents as they were before ``CONTENTS``.
        """
        engine = self._open()
        if self._wish.exists():
            return True
        if engine.watermark == 0:
            self._note_contents()  # whatever comes into it is as documents are now
        elif self._holds() < CONTENTS:
            return True
        with self.database.reading(system(reason="search: where the outbox stands")) as session:
            newest, oldest = outbox.newest_id(session), outbox.oldest_id(session)
        if engine.health().rebuild or engine.watermark > newest:
            return True
        return newest > 0 and (engine.watermark == 0 or engine.watermark < oldest - 1)

    def rebuild(self, progress: Callable[[int], None] | None = None) -> int:
        """Build the index anew from the database beside the old one; returns how many documents it has."""
        with self.database.reading(system(reason="search: where the outbox stands")) as session:
            watermark = outbox.newest_id(session)
        first, second = rebuilding.halves(self.database)
        done = {"here": 0, "beside": 0}

        def tell(where: str, count: int) -> None:
            done[where] = count
            if progress:
                progress(sum(done.values()))

        self._wish.unlink(missing_ok=True)
        count = self._open().rebuild(
            rebuilding.documents(self.database, first),
            watermark=watermark,
            progress=partial(tell, "here"),
            helper=rebuilding.helped_with(self._settings, second, partial(tell, "beside")) if second else None,
        )
        self._note_contents()
        return count

    def _holds(self) -> int:
        """As what ``CONTENTS`` was when this index was built; 1 before that was noted."""
        try:
            return int(self._contents.read_text())
        except (FileNotFoundError, ValueError):
            return 1

    def _note_contents(self) -> None:
        if self._key is not None and self._holds() != CONTENTS:
            self._contents.write_text(str(CONTENTS))

    def health(self) -> Health:
        """How the index is, without bringing it up to date."""
        return run_blocking(self._open().health)

    def check(self) -> Health:
        """As ``health``, after reading every stored byte."""
        return run_blocking(self._open().check)

    def is_stored(self) -> bool:
        """Whether everything that was committed so far is in the files, whoever writes them."""
        with self.lock:
            self._close_engine()  # a fresh engine has nothing in memory, so its watermark is that of the files
            position = self._open().watermark
        at_end = False
        while not at_end:
            batch, at_end = read_changes(self.database, position)
            if batch is not None:
                if batch.add or batch.remove:
                    return False
                position = batch.watermark
        return True

    def ask_for_rebuild(self) -> None:
        """Have whichever process stores the index build it anew."""
        self._wish.touch()

    def close(self) -> None:
        """Let go of the files and of the lock."""
        with self.lock:
            self._close_engine()
            if self._key is not None:
                os.close(self._key)
                self._key = None

    def _open(self) -> Engine:
        engine = self._engine
        if engine is not None:
            return engine
        with self.lock:
            if self._engine is None:
                self._engine = run_blocking(open_engine, self.folder, writer=self._key is not None)
            return self._engine

    def _close_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def read_changes(database: Database, position: int) -> tuple[Batch | None, bool]:
    """What the next events after ``position`` changed, read as it is now, and whether they were the last; None where
    there are no more."""
    with database.reading(system(reason="search: every document goes into the index with its audience")) as session:
        rows = outbox.after(session, position, limit=_ROWS)
        if not rows:
            return None, True
        touched: dict[str, None] = {}
        for row in rows:
            touched.update(dict.fromkeys(sources.touched_by(session, outbox.restore(row))))
        found = sources.load(session, touched)
    present = {document.id for document in found}
    gone = [document for document in touched if document not in present]
    return Batch(watermark=rows[-1].id, add=found, remove=gone), len(rows) < _ROWS


def index_of(app: Flask | None = None) -> Index:
    """The index of this process."""
    parts = runtime(app)
    if _PART not in parts.parts:
        parts.parts[_PART] = Index(parts)
    index: Index = parts.parts[_PART]
    return index
