"""A whole index made anew in a folder beside the old one, by one process or by several."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np

from search_index.documents import Document
from search_index.engine import Helper
from search_index.flat.inverting import Inverter
from search_index.flat.merging import merge
from search_index.flat.segment import SUFFIX, Segment, open_segment
from search_index.keeping.committing import FOLDER, entry_of, publish
from search_index.keeping.loading import current_manifest
from search_index.keeping.locks import REBUILD, WRITE, locked
from search_index.keeping.manifest import Manifest
from search_index.storing.schema import analyse

CHUNK_DOCUMENTS = 50_000
CHUNK_TERMS = 1_500_000
"""A segment is written when it has so many documents, or words: bounds memory, to some 80 MB."""

LARGEST = 4_000_000
"""At the end these are merged to one segment, in which questions are answered fastest, or to several of about so many
documents."""

REPORT_EVERY = 1_000

Progress = Callable[[int], None]


def rebuild(
    directory: Path,
    documents: Iterable[Document],
    *,
    watermark: int,
    progress: Progress | None = None,
    helper: Helper | None = None,
) -> Manifest:
    """Build beside, then let the manifest name it; a crash before that leaves the old index as it is."""
    with locked(directory, REBUILD):
        drop_folders(directory, keep=current_manifest(directory).folder)
        folder = directory / f"{FOLDER}{uuid4().hex[:12]}"
        folder.mkdir()
        with helper(folder) if helper is not None else nullcontext():
            build_segments(folder, documents, progress)
        segments = list(_merged(folder))
        with locked(directory, WRITE):
            made = current_manifest(directory).following(folder=folder.name, watermark=watermark, complete=True)
            published = publish(directory, replace(made, segments=tuple(map(entry_of, segments))))
        drop_folders(directory, keep=published.folder)
    return published


def build_segments(folder: Path, documents: Iterable[Document], progress: Progress | None = None) -> int:
    """Write documents as segments of bounded size; returns how many documents there were."""
    done, terms, inverter = 0, 0, Inverter()
    for document in documents:
        analysed = analyse(document)
        inverter.add(analysed)
        done, terms = done + 1, terms + analysed.terms
        if inverter.size >= CHUNK_DOCUMENTS or terms >= CHUNK_TERMS:
            inverter.write(folder)
            terms, inverter = 0, Inverter()
        if progress and done % REPORT_EVERY == 0:
            progress(done)
    inverter.write(folder)
    if progress:
        progress(done)
    return done


def _merged(folder: Path) -> Iterator[Segment]:
    """Few large segments from many. The largest come first: those change least, and what stands before a change is
    taken over from state to state."""
    segments = [open_segment(folder, path.stem) for path in folder.glob(f"*{SUFFIX}")]
    rest = sorted(segments, key=lambda segment: (-segment.size, segment.name))
    while rest:
        group = [rest.pop(0)]
        while rest and sum(segment.size for segment in group) + rest[0].size <= LARGEST:
            group.append(rest.pop(0))
        name = merge([(one, np.ones(one.size, np.bool_)) for one in group], folder) if len(group) > 1 else None
        yield open_segment(folder, name) if name else group[0]


def drop_folders(directory: Path, *, keep: str) -> None:
    """Remove what rebuilds left behind, finished or not."""
    for path in directory.glob(f"{FOLDER}*"):
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)
