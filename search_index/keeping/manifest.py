"""Which stored files make up the index, up to which outbox number: one small file that is swapped whole.

Writing it is the only moment at which the index changes. Everything it names was brought to the disk before,
with size and checksum, so that after a crash either the old state or the new one is there, and damage is
noticed.
"""

import json
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from search_index.damage import DamagedError
from search_index.keeping.durable import FileMark, write_durably

NAME = "manifest.json"
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One segment: `size` documents, of which `dead` are deleted, as the tombstones say."""

    name: str
    size: int
    bytes: int
    checksum: int
    dead: int = 0
    tombstones: FileMark | None = None

    @property
    def living(self) -> int:
        return self.size - self.dead


@dataclass(frozen=True, slots=True)
class Manifest:
    """`complete` says that the index once held everything, so that following the outbox is enough from then
    on."""

    generation: int = 0
    folder: str = ""
    watermark: int = 0
    complete: bool = False
    segments: tuple[Entry, ...] = ()

    @property
    def documents(self) -> int:
        return sum(entry.living for entry in self.segments)

    @property
    def bytes(self) -> int:
        marks = (entry.tombstones for entry in self.segments)
        return sum(entry.bytes for entry in self.segments) + sum(mark.bytes for mark in marks if mark)

    def following(self, **changes: Any) -> "Manifest":
        """The state after this one, with these changes."""
        return replace(self, generation=self.generation + 1, **changes)


def read_manifest(directory: Path) -> Manifest | None:
    """None when there is none; DamagedError when it cannot be believed."""
    try:
        text = (directory / NAME).read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedError(f"{NAME} cannot be read: {error}") from error
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise DamagedError(f"{NAME} has format {content['format']}, this version reads {FORMAT}")
        manifest = _restored(content["index"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedError(f"{NAME} is torn: {error}") from error
    if _written(manifest) != text:
        raise DamagedError(f"{NAME} does not match its checksum")
    return manifest


def write_manifest(directory: Path, manifest: Manifest) -> None:
    write_durably(directory / NAME, _written(manifest).encode())


def _written(manifest: Manifest) -> str:
    body = asdict(manifest)
    check = zlib.crc32(json.dumps(body, sort_keys=True).encode())
    return json.dumps({"format": FORMAT, "check": check, "index": body}, indent=1)


def _restored(body: dict[str, Any]) -> Manifest:
    entries = []
    for entry in body.pop("segments"):
        mark = entry.pop("tombstones")
        entries.append(Entry(**entry, tombstones=FileMark(**mark) if mark else None))
    return Manifest(**body, segments=tuple(entries))
