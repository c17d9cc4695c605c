"""The index directory: loading what the manifest names, and storing changes so that a crash leaves old or
new.

    manifest.json      which folder, which table of contents, up to which outbox number; swapped whole
    index-1f3c…/       Whoosh's files: one .seg per segment, one .toc; never changed once the manifest names
    them WRITELOCK REBUILD  held while one process stores, while one rebuilds
"""

import math
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from uuid import uuid4

import numpy as np
from whoosh.codec.base import Segment as StoredSegment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from search_index.engine import Document
from search_index.manifest import DamagedError, Manifest, fingerprint, make_durable, read_manifest, write_manifest
from search_index.schema import Analysed, analyse, make_schema
from search_index.segment_writing import INDEX_NAME, SegmentBuilder, write_segment
from search_index.segments import TORN, Segment

CHUNK = 50_000
"""Documents of one segment in a rebuild: bounds memory."""

MERGE_AT = 8
SMALLEST_TIER = 1_000
LARGEST_MERGED = 100_000
"""Eight segments of about one size become one, so that each document is merged a few times in its life;
segments past the largest stay as they are unless most of them is dead."""


UNREADABLE: tuple[type[Exception], ...] = (DamagedError, *TORN)


class GoneError(Exception):
    """The files were replaced while they were being opened: read the manifest again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    segments: tuple[tuple[Segment, tuple[int, ...]], ...]
    problems: tuple[str, ...]


@contextmanager
def locked(directory: Path, name: str) -> Iterator[None]:
    """Hold a lock between processes; it falls with the process that holds it."""
    lock = FileStorage(str(directory)).lock(name)
    lock.acquire(blocking=True)
    try:
        yield
    finally:
        lock.release()


def load(directory: Path, manifest: Manifest, known: Mapping[str, Segment]) -> Loaded:
    """Open what the manifest names, taking over segments that are open already; damaged ones are left out."""
    if not manifest.folder:
        return Loaded((), ())
    folder = directory / manifest.folder
    storage = FileStorage(str(folder))
    problems: list[str] = []
    segments: list[tuple[Segment, tuple[int, ...]]] = []
    try:
        _verify(folder, manifest, _toc_name(manifest.toc))
        records = TOC.read(storage, INDEX_NAME, manifest.toc).segments
    except FileNotFoundError as error:
        raise GoneError(str(error)) from error
    except UNREADABLE as error:
        return Loaded((), (f"the table of contents cannot be read: {error}",))
    for record in records:
        try:
            segment = known.get(record.segment_id()) or _open(folder, manifest, storage, record)
            segments.append((segment, tuple(record.deleted_docs())))
        except FileNotFoundError as error:
            if not _still_current(directory, manifest):
                raise GoneError(str(error)) from error
            problems.append(f"segment {record.segment_id()} is missing")
        except UNREADABLE as error:
            problems.append(f"segment {record.segment_id()} cannot be read: {error}")
    return Loaded(tuple(segments), tuple(problems))


def damages(directory: Path, manifest: Manifest) -> list[str]:
    """Read every stored byte again and say what is not as it was written."""
    found: list[str] = []
    for name in manifest.files:
        try:
            _verify(directory / manifest.folder, manifest, name)
        except FileNotFoundError:
            found.append(f"{name} is missing")
        except (DamagedError, OSError) as error:
            found.append(str(error))
    return found


def commit(
    directory: Path,
    manifest: Manifest,
    segments: Mapping[str, Segment],
    changes: Mapping[str, Analysed | None],
    *,
    watermark: int,
) -> Manifest:
    """Store changes (None: removed) as a new state of the index. The caller holds the write lock.

    `segments` are those that could be read; others are left behind, and the index is then no longer complete.
    """
    folder_name = manifest.folder or f"index-{uuid4().hex[:12]}"
    folder = directory / folder_name
    folder.mkdir(exist_ok=True)
    _sweep(folder, manifest.files)
    recorded = _recorded(folder, manifest)
    records = [record for record in recorded or () if record.segment_id() in segments]
    _bury(records, segments, changes)
    fresh = write_segment(folder, (document for document in changes.values() if document is not None))
    records = _merged(folder, records, segments)
    records = [record for record in records if record.doc_count() > 0]
    if fresh is not None:
        records.append(fresh)
    return _publish(
        directory,
        manifest,
        manifest.following(
            folder=folder_name,
            toc=manifest.toc + 1,
            watermark=watermark,
            documents=sum(record.doc_count() for record in records),
            complete=manifest.complete and recorded is not None and len(recorded) == len(segments),
        ),
        records,
    )


def rebuild(
    directory: Path,
    documents: Iterable[Document],
    *,
    watermark: int,
    progress: Callable[[int], None] | None = None,
) -> Manifest:
    """Build a whole index in a folder beside, then let the manifest name it."""
    with locked(directory, "REBUILD"):
        _drop_folders(directory, keep=_current(directory).folder)
        folder = directory / f"index-{uuid4().hex[:12]}"
        folder.mkdir()
        records: list[StoredSegment] = []
        done = 0
        rest = iter(documents)
        while chunk := _chunk(folder, rest, done, progress):
            records.append(chunk)
            done += chunk.doc_count_all()
        if progress:
            progress(done)
        with locked(directory, "WRITELOCK"):
            before = _current(directory)
            made = before.following(
                folder=folder.name, toc=1, watermark=watermark, documents=done, complete=True, files={}
            )
            published = _publish(directory, before, made, records)
        _drop_folders(directory, keep=published.folder)
    return published


def _chunk(
    folder: Path, documents: Iterator[Document], done: int, progress: Callable[[int], None] | None
) -> StoredSegment | None:
    builder = SegmentBuilder(folder)
    for document in islice(documents, CHUNK):
        builder.add(analyse(document))
        if progress and (done + builder.size) % 1000 == 0:
            progress(done + builder.size)
    return builder.finish()


def _current(directory: Path) -> Manifest:
    try:
        return read_manifest(directory) or Manifest()
    except DamagedError:
        return Manifest()


def _recorded(folder: Path, manifest: Manifest) -> list[StoredSegment] | None:
    """The segments that the manifest's table of contents lists; None when it cannot be read."""
    if not manifest.files:
        return []
    try:
        _verify(folder, manifest, _toc_name(manifest.toc))
        records: list[StoredSegment] = TOC.read(FileStorage(str(folder)), INDEX_NAME, manifest.toc).segments
    except UNREADABLE:
        return None
    return records


def _toc_name(toc: int) -> str:
    return f"_{INDEX_NAME}_{toc}.toc"


def _still_current(directory: Path, manifest: Manifest) -> bool:
    return _current(directory).generation == manifest.generation


def _open(folder: Path, manifest: Manifest, storage: FileStorage, record: StoredSegment) -> Segment:
    _verify(folder, manifest, record.make_filename(".seg"))
    return Segment(storage, record)


def _verify(folder: Path, manifest: Manifest, name: str) -> None:
    if manifest.files.get(name) != fingerprint(folder / name):
        raise DamagedError(f"{name} does not match its checksum")


def _bury(records: Iterable[StoredSegment], segments: Mapping[str, Segment], identities: Collection[str]) -> None:
    """Mark every stored version of these documents as deleted."""
    for record in records:
        segment = segments[record.segment_id()]
        for identity in identities:
            number = segment.number_of(identity)
            if number is not None:
                record.delete_document(number)


def _merged(folder: Path, records: list[StoredSegment], segments: Mapping[str, Segment]) -> list[StoredSegment]:
    chosen = _to_merge(records)
    if not chosen:
        return records
    builder = SegmentBuilder(folder)
    for record in chosen:
        live = np.ones(record.doc_count_all(), np.bool_)
        live[np.fromiter(record.deleted_docs(), np.int64)] = False
        builder.merge(segments[record.segment_id()], live)
    merged = builder.finish()
    rest = [record for record in records if record not in chosen]
    return [*rest, merged] if merged is not None else rest


def _to_merge(records: list[StoredSegment]) -> list[StoredSegment]:
    tiers: dict[int, list[StoredSegment]] = {}
    for record in records:
        living, dead = record.doc_count(), record.deleted_count()
        if dead > SMALLEST_TIER and dead > living:
            return [record]
        if living <= LARGEST_MERGED:
            tier = max(0, math.ceil(math.log(max(living, 1) / SMALLEST_TIER, MERGE_AT)))
            tiers.setdefault(tier, []).append(record)
    full = [tier for tier in sorted(tiers) if len(tiers[tier]) >= MERGE_AT]
    return tiers[full[0]] if full else []


def _publish(directory: Path, before: Manifest, made: Manifest, records: list[StoredSegment]) -> Manifest:
    """Bring everything to the disk, swap the manifest, and only then drop what it no longer names."""
    folder = directory / made.folder
    TOC(make_schema(), records, made.toc).write(FileStorage(str(folder)), INDEX_NAME)
    names = [_toc_name(made.toc)]
    names += [record.make_filename(".seg") for record in records]
    known = before.files if before.folder == made.folder else {}
    files: dict[str, tuple[int, int]] = {}
    for name in names:
        if name not in known:
            make_durable(folder / name)
        files[name] = known.get(name) or fingerprint(folder / name)
    make_durable(folder)
    published = replace(made, files=files)
    write_manifest(directory, published)
    _sweep(folder, files)
    return published


def _sweep(folder: Path, named: Collection[str]) -> None:
    """Remove what a crash, or the state before, left behind."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in named:
            path.unlink(missing_ok=True)


def _drop_folders(directory: Path, *, keep: str) -> None:
    for path in directory.glob("index-*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
