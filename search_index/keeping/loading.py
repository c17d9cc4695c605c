"""Opening what the manifest names, leaving out what is damaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search_index.damage import DamagedError
from search_index.flat.segment import open_segment
from search_index.keeping.manifest import Entry, Manifest, read_manifest
from search_index.keeping.tombstones import Numbers, read_tombstones
from search_index.storing.columns import read_columns
from search_index.storing.parts import OpenSegment

OpenState = tuple[tuple[OpenSegment, Numbers], ...]
"""Segments with the numbers of their dead documents, in the manifest's order."""


class GoneError(Exception):
    """The files were replaced while they were being opened: read the manifest again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    segments: OpenState
    problems: tuple[str, ...] = ()


def load(directory: Path, manifest: Manifest, known: Mapping[str, OpenSegment]) -> Loaded:
    """Take over segments that are open already. A segment goes with its tombstones: without them, what was
    deleted would come back."""
    segments: list[tuple[OpenSegment, Numbers]] = []
    problems: list[str] = []
    folder = directory / manifest.folder
    for entry in manifest.segments:
        try:
            opened = known.get(entry.name) or open_entry(folder, entry)
            segments.append((opened, read_tombstones(folder, entry.tombstones, entry.size)))
        except FileNotFoundError as error:
            if current_generation(directory) != manifest.generation:
                raise GoneError(str(error)) from error
            problems.append(f"{error.filename or entry.name} is missing")
        except (DamagedError, OSError) as error:
            problems.append(f"segment {entry.name} cannot be read: {error}")
    return Loaded(tuple(segments), tuple(problems))


def open_entry(folder: Path, entry: Entry) -> OpenSegment:
    """With everything that is needed from the start read, and thereby checked; the rest is, when first asked
    for."""
    segment = open_segment(folder, entry.name)
    if (segment.size, segment.file.bytes, segment.file.checksum) != (entry.size, entry.bytes, entry.checksum):
        raise DamagedError(f"{entry.name} is not the file that the manifest names")
    read_columns(segment)
    return OpenSegment(segment)


def damages(directory: Path, manifest: Manifest) -> list[str]:
    """Read every stored byte again and say what is not as it was written."""
    found: list[str] = []
    folder = directory / manifest.folder
    for entry in manifest.segments:
        try:
            open_entry(folder, entry).segment.check()
            read_tombstones(folder, entry.tombstones, entry.size)
        except FileNotFoundError as error:
            found.append(f"{error.filename or entry.name} is missing")
        except (DamagedError, OSError) as error:
            found.append(f"segment {entry.name}: {error}")
    return found


def current_generation(directory: Path) -> int:
    return current_manifest(directory).generation


def current_manifest(directory: Path) -> Manifest:
    """What is on the disk; an empty one where it cannot be believed."""
    try:
        return read_manifest(directory) or Manifest()
    except DamagedError:
        return Manifest()
