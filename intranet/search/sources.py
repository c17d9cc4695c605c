"""What can be found: every kind of document, where its rows come from, and which events change it.

``search`` fills this registry for the features beneath it (see ``documents``); features above it add their own kinds in
their ``register()``, so that the index never has to know them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intranet.kernel.batches import in_batches
from search_index.documents import Document, Kind

Load = Callable[[Session, Sequence[str]], list[Document]]
NextKeys = Callable[[Session, str, int], list[str]]
Read = Callable[[Session, str, str, int], tuple[list[Document], str]]
Split = Callable[[Session, int], list[str]]
Show = Callable[[Session, Sequence[str]], dict[str, "Shown"]]
Touched = Callable[[Session, Any], Iterable[str]]

_CHUNK = 500
_STRETCH = 2_000  # rows of a kind with very many, read at once


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as a hit or a proof shows it, in plain words; ``by`` is who wrote it, which for an endorsement is not
    the person it speaks for."""

    url: str
    title: str
    text: str
    by: int
    created_at: datetime

    @property
    def whole(self) -> str:
        """Title and text as the one text that they were."""
        if self.title.endswith("…") and self.text.startswith("…"):
            return f"{self.title[:-1]} {self.text[1:]}"
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of document.

    A key names a row: its id in decimal, unless the table has none. ``load`` reads the documents behind keys as they
    are now (a key that gives none is no longer found); ``next_keys(session, after, limit)`` walks all keys for a
    rebuild, from ``""`` on. Both get a session that sees every row. ``show`` gets the viewer's own, and leaves out what
    they may not read. Some of a source's documents are of the kinds in ``also``, which a search lists by themselves, or
    of those in ``quiet``, which it lists as ``kind``. A kind that is not ``is_listed`` speaks for people but is no
    search result of its own.

    A kind with very many rows also has ``read(session, after, until, limit)``, the documents whose keys lie after
    ``after`` up to ``until`` (``""``: the end) with the last key looked at or ``""`` at the end; and
    ``split(session, parts)``, the inner bounds that cut all keys into about equal parts for several readers.
    """

    kind: str
    load: Load
    next_keys: NextKeys
    show: Show
    is_listed: bool = True
    also: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    read: Read | None = None
    split: Split | None = None


_sources: dict[str, Source] = {}
_touches: dict[type, list[Touched]] = {}


def add_source(source: Source) -> None:
    """Make a kind of document findable."""
    _sources[source.kind] = source


def add_change(event_type: type, touched: Touched) -> None:
    """Have ``touched(session, event)`` name the documents (``"post:123"``) to read again after such an event."""
    touches = _touches.setdefault(event_type, [])
    if touched not in touches:
        touches.append(touched)


def kinds() -> tuple[str, ...]:
    """Every kind there is, in the order in which features added them."""
    return tuple(_sources)


def listed_kinds() -> tuple[str, ...]:
    """The kinds that a search lists."""
    return tuple(kind for source in _sources.values() if source.is_listed for kind in (source.kind, *source.also))


def kinds_listed_as(names: Iterable[str]) -> frozenset[str]:
    """The kinds of documents that stand in a search under some of the ``listed_kinds``."""
    wanted = set(names)
    quiet = (kind for name, source in _sources.items() if name in wanted for kind in source.quiet)
    return frozenset({*wanted, *quiet})


def count_as_listed(counts: Mapping[str, int]) -> dict[str, int]:
    """Hits by the ``listed_kinds`` that they stand under."""
    quiet = {name: source.quiet for name, source in _sources.items()}
    return {name: sum(counts.get(kind, 0) for kind in (name, *quiet.get(name, ()))) for name in listed_kinds()}


def document_id(kind: str, key: int | str) -> str:
    """The engine's id of a row's document."""
    return f"{kind}:{key}"


def key_of(document: str) -> str:
    """The key of the row behind a document's id."""
    return document.partition(":")[2]


def touched_by(session: Session, happened: object) -> Iterator[str]:
    """The documents that an event may have changed."""
    for touched in _touches.get(type(happened), ()):
        yield from touched(session, happened)


def load(session: Session, ids: Iterable[str]) -> list[Document]:
    """The documents of these ids that exist now, read in a few statements per kind."""
    found: list[Document] = []
    for kind, keys in _by_kind(ids).items():
        for some in in_batches(keys, _CHUNK):
            found.extend(_sources[kind].load(session, some))
    return found


def _by_kind(ids: Iterable[str]) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for document in ids:
        kind, _, key = document.partition(":")
        if kind in _sources:
            wanted.setdefault(kind, []).append(key)
    return wanted


def show(session: Session, ids: Iterable[str]) -> dict[str, Shown]:
    """What this session's viewer may read of these documents, by document id."""
    return {
        document_id(kind, key): shown
        for kind, keys in _by_kind(ids).items()
        for key, shown in _sources[kind].show(session, keys).items()
    }


def next_chunk(session: Session, kind: str, after: str, until: str = "") -> tuple[list[Document], str]:
    """The next documents of a kind after a key, up to a key (``""``: the end), with the last key read; ``""`` when that
    was the last."""
    source = _sources[kind]
    if source.read is not None:
        return source.read(session, after, until, _STRETCH)
    keys = source.next_keys(session, after, _CHUNK)
    return (source.load(session, keys), keys[-1]) if keys else ([], "")


def middle(session: Session, kind: str, *, at_least: int) -> str:
    """A key that cuts a kind in about equal halves of so many rows at least; ``""`` where there is none."""
    source = _sources[kind]
    bounds = source.split(session, 2) if source.read is not None and source.split is not None else []
    if not bounds or len(source.next_keys(session, bounds[0], at_least)) < at_least:
        return ""
    return bounds[0]


__all__ = [  # higher features make documents without speaking to the engine themselves
    "Document",
    "Kind",
    "NextKeys",
    "Shown",
    "Source",
    "Split",
    "Touched",
    "add_change",
    "add_source",
    "count_as_listed",
    "document_id",
    "key_of",
    "kinds",
    "kinds_listed_as",
    "listed_kinds",
    "load",
    "middle",
    "next_chunk",
    "show",
    "touched_by",
]
