"""One file that holds everything worth keeping: the database, the files and the key; the index is made anew from them.

A backup counts only once it was read back: every member carries its SHA-256 in the manifest, which is the last member.
"""

import hashlib
import io
import json
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from intranet.config import Settings
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.operations.copying import copy_database
from intranet.operations.migrating import revision_of
from intranet.operations.version import version

DATABASE = "database"
KEYS = ("secret_key", "push_key")
FILES = "files"
MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20
_SAFE_PART = re.compile(r"[\w][\w.@+=-]*")


class BadArchive(Exception):
    """The file is no backup, or not a whole one; its text is one line."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says it holds; ``members`` maps names to SHA-256."""

    revision: str | None
    made_at: str
    couth: str
    dialect: str
    format: int = FORMAT
    members: dict[str, str] = field(default_factory=dict)


def write_archive(settings: Settings, target: Path) -> Manifest:
    """Write and read back ``target``, also while the product runs; the file is whole or absent.

    Raises:
        FileExistsError: there is a file of that name.
        CopyFailed: the database could not be copied.
        BadArchive: what was written does not read back.
    """
    if target.exists():
        raise FileExistsError(target)
    aside = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".couth-backup-") as folder:
            copy = Path(folder) / DATABASE
            copy_database(settings.database, copy)
            _pack(settings, copy, aside)
        manifest = read_archive(aside)
        aside.rename(target)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


def _pack(settings: Settings, copy: Path, target: Path) -> None:
    members: dict[str, str] = {}
    target.touch(mode=0o600)
    with tarfile.open(target, "w:gz", compresslevel=4) as archive:
        for name, path in _contents(settings, copy):
            members[name] = _add(archive, name, path)
        text = json.dumps(asdict(_describe(settings, members)), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))


def _describe(settings: Settings, members: dict[str, str]) -> Manifest:
    database = Database(settings.database)
    with database.engine.connect() as connection:
        revision = revision_of(connection)
    dialect = database.engine.dialect.name
    database.engine.dispose()
    return Manifest(
        revision=revision, made_at=clock.now().isoformat(), couth=version(), dialect=dialect, members=members
    )


def _contents(settings: Settings, copy: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, copy
    for key in KEYS:
        if (settings.data / key).is_file():
            yield key, settings.data / key
    # The database was copied first, and files are written before the rows that name them: nothing named is missing.
    for path in sorted(settings.files_folder.rglob("*")):
        name = PurePosixPath(FILES, *path.relative_to(settings.files_folder).parts).as_posix()
        if path.is_file() and _is_safe(name):
            yield name, path


def _is_safe(name: str) -> bool:
    parts = name.split("/")
    return (parts[0] == FILES or len(parts) == 1) and all(_SAFE_PART.fullmatch(part) for part in parts)


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as content:
        reader = _Hashing(content)
        archive.addfile(archive.gettarinfo(name, arcname=name, fileobj=content), reader)
        return reader.digest.hexdigest()


class _Hashing:
    """A file that remembers the hash of what was read from it."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.content.read(size)
        self.digest.update(chunk)
        return chunk


def read_archive(source: Path, *, into: Path | None = None) -> Manifest:
    """Read every member and compare it with the manifest; with ``into``, lay the members down there.

    Raises:
        BadArchive: it is no backup, or damaged.
    """
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, "r:gz") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if content is None or not _is_safe(entry.name):
                    raise BadArchive(f"{source} holds {entry.name}, which no backup does")
                if entry.name == MANIFEST:
                    manifest = _parse(json.load(content))
                else:
                    found[entry.name] = _take(content, into / entry.name if into else None)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, TypeError) as error:
        raise BadArchive(f"{source} cannot be read as a backup: {error}") from error
    if manifest is None or DATABASE not in found:
        raise BadArchive(f"{source} is no whole backup of Couth")
    damaged = [name for name in manifest.members | found if manifest.members.get(name) != found.get(name)]
    if damaged:
        raise BadArchive(f"{source} is damaged: {', '.join(sorted(damaged)[:3])}")
    return manifest


def _parse(raw: dict[str, Any]) -> Manifest:
    manifest = Manifest(**raw)
    if manifest.format != FORMAT:
        raise BadArchive("a newer Couth made this backup: restore it with that version")
    return manifest


def _take(content: IO[bytes], target: Path | None) -> str:
    digest = hashlib.sha256()
    if target is None:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
        return digest.hexdigest()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("wb") as laid_down:
        target.chmod(0o600)
        reader = _Hashing(content)
        shutil.copyfileobj(reader, laid_down, _CHUNK)
    return reader.digest.hexdigest()
