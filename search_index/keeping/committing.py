"""Storing changes as a new state of the index; the caller holds the write lock."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from search_index.flat.inverting import Inverter
from search_index.flat.segment import Segment, open_segment, segment_files
from search_index.keeping.durable import make_durable
from search_index.keeping.loading import OpenState
from search_index.keeping.manifest import Entry, Manifest, write_manifest
from search_index.keeping.tombstones import Numbers, write_tombstones
from search_index.storing.schema import Analysed

FOLDER = "index-"


def commit(
    directory: Path,
    manifest: Manifest,
    segments: OpenState,
    fresh: Iterable[Analysed],
    *,
    watermark: int,
) -> Manifest:
    """`segments` are those that could be read, with all of their dead documents; others are left behind, and
    the index is then no longer complete."""
    folder_name = manifest.folder or f"{FOLDER}{uuid4().hex[:12]}"
    folder = directory / folder_name
    folder.mkdir(exist_ok=True)
    sweep(folder, manifest)
    known = {entry.name: entry for entry in manifest.segments}
    made = manifest.following(folder=folder_name, watermark=watermark)
    entries = [buried(folder, made.generation, known[opened.name], dead) for opened, dead in segments]
    entries = [entry for entry in entries if entry.living]
    written = write_segment(folder, fresh)
    if written is not None:
        entries.append(written)
    complete = manifest.complete and len(segments) == len(manifest.segments)
    return publish(directory, replace(made, segments=tuple(entries), complete=complete))


def write_segment(folder: Path, documents: Iterable[Analysed]) -> Entry | None:
    inverter = Inverter()
    for document in documents:
        inverter.add(document)
    name = inverter.write(folder)
    return None if name is None else entry_of(open_segment(folder, name))


def entry_of(segment: Segment) -> Entry:
    return Entry(segment.name, segment.size, segment.file.bytes, segment.file.checksum)


def buried(folder: Path, generation: int, entry: Entry, dead: Numbers) -> Entry:
    """The segment with these dead documents, all of them; what was dead stays so."""
    if len(dead) == entry.dead:
        return entry
    mark = None
    if len(dead) < entry.size:  # of a segment that is dead altogether nothing is kept
        mark = write_tombstones(folder, f"{entry.name}-{generation}", dead, entry.size)
    return replace(entry, dead=len(dead), tombstones=mark)


def publish(directory: Path, manifest: Manifest) -> Manifest:
    """Swap the manifest once the folder's entries are on the disk, and only then drop what it no longer
    names."""
    folder = directory / manifest.folder
    make_durable(folder)
    write_manifest(directory, manifest)
    sweep(folder, manifest)
    return manifest


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove what a crash, or the state before, left behind."""
    named = set(files_of(manifest.segments))
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in named:
            path.unlink(missing_ok=True)


def files_of(entries: Sequence[Entry]) -> list[str]:
    names = [name for entry in entries for name in segment_files(entry.name)]
    return names + [entry.tombstones.name for entry in entries if entry.tombstones]
