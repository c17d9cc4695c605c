"""Few segments instead of many, so that each document is written a few times in its life.

Eight segments of about one size become one. A large merge is made beside, while new posts are stored and
questions are answered; it enters the index with a swap of the manifest, and what was deleted meanwhile is
carried over.
"""

import math
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from search_index.flat.merging import merge
from search_index.flat.segment import open_segment, segment_files
from search_index.keeping.committing import buried, entry_of, publish
from search_index.keeping.loading import OpenState, current_manifest
from search_index.keeping.manifest import Entry, Manifest
from search_index.keeping.tombstones import read_tombstones
from search_index.storing.parts import OpenSegment

MERGE_AT = 8
SMALLEST_TIER = 1_000
LARGEST_MERGED = 250_000
"""Segments past this are merged no more, unless most of one is dead."""

MERGING = "merging-"

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Merged:
    """A new segment in a folder beside, in place of others; `live` has their documents that it took over.
    `name` is None when nothing of them was alive."""

    beside: Path
    name: str | None
    sources: tuple[str, ...]
    live: tuple[Flags, ...]


def to_merge(entries: Sequence[Entry]) -> list[Entry]:
    """The next segments to become one; empty when all is well."""
    tiers: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.dead > SMALLEST_TIER and entry.dead > entry.living:
            return [entry]
        if entry.living <= LARGEST_MERGED:
            tier = max(0, math.ceil(math.log(max(entry.living, 1) / SMALLEST_TIER, MERGE_AT)))
            tiers.setdefault(tier, []).append(entry)
    full = [tier for tier in sorted(tiers) if len(tiers[tier]) >= MERGE_AT]
    return tiers[full[0]] if full else []


@contextmanager
def merged_beside(directory: Path, segments: OpenState) -> Iterator[Merged]:
    """Needs no lock: it only reads what never changes, and writes where nobody looks. What is not taken from there
    is dropped at the end."""
    beside = directory / f"{MERGING}{uuid4().hex[:12]}"
    beside.mkdir()
    try:
        live = tuple(_alive(opened, dead) for opened, dead in segments)
        sources = [opened.segment for opened, _ in segments]
        name = merge(list(zip(sources, live, strict=True)), beside)
        yield Merged(beside, name, tuple(source.name for source in sources), live)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _alive(opened: OpenSegment, dead: NDArray[np.int64]) -> Flags:
    alive = np.ones(opened.segment.size, np.bool_)
    alive[dead] = False
    return alive


def replace_with(directory: Path, merged: Merged) -> Manifest | None:
    """Put it in the place of its sources; None when these are gone. The caller holds the write lock."""
    manifest = current_manifest(directory)
    known = {entry.name: entry for entry in manifest.segments}
    if any(name not in known for name in merged.sources):
        return None
    folder = directory / manifest.folder
    made = manifest.following()
    entries = [entry for entry in manifest.segments if entry.name not in merged.sources]
    if merged.name is not None:
        place = next(at for at, entry in enumerate(manifest.segments) if entry.name in merged.sources)
        for name in segment_files(merged.name):
            (merged.beside / name).replace(folder / name)
        entry = entry_of(open_segment(folder, merged.name))
        dead = _died_meanwhile(folder, merged, [known[name] for name in merged.sources])
        entries.insert(place, buried(folder, made.generation, entry, dead))
    return publish(directory, replace(made, segments=tuple(entries)))


def drop_leftovers(directory: Path) -> None:
    """What merges left behind that a crash ended."""
    for path in directory.glob(f"{MERGING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _died_meanwhile(folder: Path, merged: Merged, sources: Sequence[Entry]) -> NDArray[np.int64]:
    """Numbers, in the merged segment, of what was alive when it was made and is not any more."""
    taken = np.concatenate(merged.live)
    dead = np.zeros(len(taken), np.bool_)
    start = 0
    for entry in sources:
        dead[start + read_tombstones(folder, entry.tombstones, entry.size)] = True
        start += entry.size
    return np.flatnonzero(dead[taken])
