"""Which stored files make up the index, up to which outbox number: one small file that is swapped whole.

Writing it is the only moment at which the index changes. Everything it names was brought to the disk
before, with size and checksum, so that after a crash either the old state or the new one is there, and
damage is noticed.
"""

import json
import os
import zlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

NAME = "manifest.json"
FORMAT = 1


class DamagedError(Exception):
    """The stored index does not say what it should; only a rebuild helps."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are names in `folder` with size and CRC-32; `complete` says that the index once held
    everything, so that following the outbox is enough from then on."""

    generation: int = 0
    folder: str = ""
    toc: int = 0
    watermark: int = 0
    documents: int = 0
    complete: bool = False
    files: dict[str, tuple[int, int]] = field(default_factory=dict)

    def following(self, **changes: object) -> "Manifest":
        """The state after this one, with these changes."""
        return replace(self, **{"generation": self.generation + 1, **changes})  # type: ignore[arg-type]  # by name


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
        body = content["index"]
        if content["format"] != FORMAT:
            raise DamagedError(f"{NAME} has format {content['format']}, this version reads {FORMAT}")
        if content["check"] != _check(body):
            raise DamagedError(f"{NAME} does not match its checksum")
        files = {str(name): (int(size), int(crc)) for name, (size, crc) in body.pop("files").items()}
        return Manifest(**body, files=files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"{NAME} is torn: {error}") from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    body = json.loads(json.dumps(asdict(manifest)))
    content = {"format": FORMAT, "check": _check(body), "index": body}
    beside = directory / f"{NAME}.new"
    beside.write_text(json.dumps(content, indent=1), "utf-8")
    make_durable(beside)
    beside.replace(directory / NAME)
    make_durable(directory)


def make_durable(path: Path) -> None:
    """Wait until the disk has the file's content, or the folder's entries."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fingerprint(path: Path) -> tuple[int, int]:
    """Size and CRC-32 of a file, read in pieces."""
    size, crc = 0, 0
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
    return size, crc


def _check(body: dict[str, object]) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())
