"""The engine that the port opens: one index, asked by the evaluator of Whoosh's queries and by the ranking.

Nothing here waits: an answer is computed on the state of the index that was the newest when it was asked for.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from search_index.documents import EVERYONE, Batch, Document
from search_index.engine import Health, Helper
from search_index.expertise import ExpertQuery, Experts
from search_index.hits import Hit, Hits, SearchQuery
from search_index.keeping.index import Index
from search_index.keeping.merging import drop_leftovers, to_merge
from search_index.querying.searching import find_documents
from search_index.ranking.experts import find_experts
from search_index.relating.knowing import topics_of_person
from search_index.relating.meeting import people_to_meet
from search_index.relating.similar import similar_documents
from search_index.relating.topics import related_topics
from search_index.relations import Knows, KnowsQuery, Meeting, MeetQuery, RelatedQuery, RelatedTopic, SimilarQuery

log = logging.getLogger(__name__)

MERGED_AT_ONCE = 10_000
"""Documents that are merged within a flush (about 0.1 s); larger merges have a thread of their own."""

PATIENCE = 60.0
"""Seconds that closing waits for a merge."""


class WhooshEngine:
    def __init__(self, directory: Path, *, writer: bool, everyone: int = EVERYONE) -> None:
        self._index = Index(directory, everyone=everyone)
        self._writer = writer
        self._merging: threading.Thread | None = None
        if writer:
            drop_leftovers(directory)

    @property
    def watermark(self) -> int:
        return self._index.watermark

    @property
    def pending(self) -> int:
        return self._index.pending

    def apply(self, batch: Batch) -> None:
        self._index.apply(batch)

    def flush(self) -> bool:
        self._must_write()
        stored = self._index.flush()
        if stored:
            self._merge()
        return stored

    def refresh(self) -> None:
        self._index.refresh()

    def search(self, query: SearchQuery) -> Hits:
        return find_documents(self._index.current(), query)

    def experts(self, query: ExpertQuery) -> Experts:
        return find_experts(self._index.current(), query)

    def suggest(
        self,
        text: str,
        *,
        audiences: frozenset[int],
        kinds: frozenset[str] = frozenset(),
        without: frozenset[int] = frozenset(),
        limit: int = 8,
    ) -> tuple[Hit, ...]:
        if not text.strip():
            return ()
        asked = SearchQuery(text, audiences, kinds=kinds, without=without, limit=limit, prefix_last=True)
        return self.search(asked).items

    def related(self, query: RelatedQuery) -> tuple[RelatedTopic, ...]:
        return related_topics(self._index.current(), query)

    def meet(self, query: MeetQuery) -> tuple[Meeting, ...]:
        return people_to_meet(self._index.current(), query)

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        return similar_documents(self._index.current(), query)

    def knows(self, query: KnowsQuery) -> Knows:
        return topics_of_person(self._index.current(), query)

    def health(self) -> Health:
        return self._index.health(thorough=False)

    def check(self) -> Health:
        return self._index.health(thorough=True)

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        watermark: int,
        progress: Callable[[int], None] | None = None,
        helper: Helper | None = None,
    ) -> int:
        self._must_write()
        return self._index.rebuild(documents, watermark=watermark, progress=progress, helper=helper)

    def close(self) -> None:
        if self._merging is not None:
            self._merging.join(PATIENCE)
        self._index.close()

    def _must_write(self) -> None:
        if not self._writer:
            raise RuntimeError("only the engine that was opened for writing stores anything")

    def _merge(self) -> None:
        """Merge what is due: a little at once, much beside, so that the next flush need not wait for it."""
        if self._merging is not None and self._merging.is_alive():
            return
        while chosen := to_merge(self._index.entries):
            if sum(entry.living for entry in chosen) > MERGED_AT_ONCE:
                self._merging = threading.Thread(target=self._merge_all, name="index merge", daemon=True)
                self._merging.start()
                return
            if not self._index.merge(chosen):
                return

    def _merge_all(self) -> None:
        try:
            while (chosen := to_merge(self._index.entries)) and self._index.merge(chosen):
                pass
        except Exception:
            # The index is whole without it, and the next flush tries again; a full disk says so there as well.
            log.exception("segments of the search index could not be merged")
