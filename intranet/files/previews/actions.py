"""Previews are asked for with the upload and made by the worker; a document that cannot be drawn stays a plain card."""

import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from intranet.files import pictures, storing
from intranet.files.models import FileKind, StoredFile
from intranet.files.previews.events import FilePreviewed
from intranet.kernel import jobs
from intranet.kernel.db import Database
from intranet.kernel.outbox import record
from intranet.kernel.runtime import runtime
from intranet.kernel.text import clean_text
from intranet.kernel.viewer import system

log = logging.getLogger(__name__)

_DRAW = "files.preview"
_PROGRAM = Path(__file__).with_name("drawing.py")
_MOST_SECONDS = 20  # from start to end, waiting for the disk and for other work among it
_MOST_PAGES = 100_000
_MOST_TEXT = 1600
_MOST_SIDES = (800, 800)


@dataclass(frozen=True, slots=True)
class Preview:
    """What stands for a document: its first page, kept already, or its first lines; or nothing."""

    pages: int = 0
    text: str = ""
    picture: str = ""
    width: int = 0
    height: int = 0


def ask_for(session: Session, stored: StoredFile) -> None:
    """Have the worker draw a document that was just uploaded."""
    if stored.kind is FileKind.FILE:
        jobs.later(session, _DRAW, {"file_id": stored.id})


def draw(database: Database, payload: dict[str, Any]) -> Preview:
    """The slow part."""
    folder = runtime().settings.files_folder
    with database.reading(system(reason="files: a document's first page")) as session:
        stored = session.get(StoredFile, int(payload["file_id"]))
        path = storing.path_of(folder, stored.sha256) if stored is not None else None
    if path is None or not path.is_file():
        return Preview()
    return read_answer(folder, answer_of(path))


def answer_of(path: Path, *, program: Path = _PROGRAM, seconds: float = _MOST_SECONDS) -> bytes:
    """What the drawing program says of the document at ``path``; nothing where it gave up, died, or was too slow."""
    command = [sys.executable, "-I", str(program)]
    with path.open("rb") as document, tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter and program; the document comes in by a pipe)
                command, stdin=document, stdout=out, stderr=subprocess.DEVNULL, env={}, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            log.info("a document took too long to draw")
            return b""
        out.seek(0)
        return out.read() if done.returncode == 0 else b""


def read_answer(folder: Path, answer: bytes) -> Preview:
    """Take over what the program said as far as it makes sense; the picture is decoded and written anew."""
    head, _, picture = answer.partition(b"\n")
    try:
        said = json.loads(head)
        pages, text = min(max(int(said["pages"]), 0), _MOST_PAGES), clean_text(str(said["text"]))[:_MOST_TEXT]
        if not picture:
            return Preview(pages, text)
        small, width, height = pictures.thumbnail(picture, _MOST_SIDES)
    except (ValueError, KeyError, TypeError, pictures.NotAPicture, pictures.TooManyPixels):
        return Preview()
    return Preview(pages, text, storing.keep(folder, small), width, height)


@jobs.slow_job(_DRAW, draw)
def bring_preview(session: Session, payload: dict[str, Any], found: Preview) -> None:
    """Show the document by what was found."""
    stored = session.get(StoredFile, int(payload["file_id"]))
    if stored is None or not (found.picture or found.text):
        return
    stored.pages, stored.excerpt = found.pages or None, found.text
    if found.picture:
        stored.small_sha256, stored.width, stored.height = found.picture, found.width, found.height
    record(session, FilePreviewed(stored.id, stored.audience_id))
