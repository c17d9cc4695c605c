"""Uploading, handing over to an audience, describing and discarding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intranet.files import pictures, storing
from intranet.files.models import FileKind, Shelf, StoredFile
from intranet.files.previews.actions import ask_for
from intranet.kernel import audience
from intranet.kernel.errors import Invalid
from intranet.kernel.text import clean_line
from intranet.kernel.threads import run_blocking
from intranet.kernel.viewer import Viewer

MOST_BYTES = 25 * 1024 * 1024
LONGEST_ALT = 500
MOST_FILES = 10  # on one post, comment or message
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Received:
    """An upload whose bytes are kept already, before any transaction."""

    name: str
    media_type: str
    size: int
    sha256: str
    kind: FileKind = FileKind.FILE
    small_sha256: str | None = None
    width: int | None = None
    height: int | None = None


def receive(folder: Path, name: str, data: bytes) -> Received:
    """Check and keep the bytes of an upload, outside any transaction.

    What the browser says of the type is not believed: it is a picture if it can be read as one, else a file to save.

    Raises:
        Invalid: it is empty, too large, or a picture of too many pixels.
    """
    name = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "file"
    if not data:
        raise Invalid({"files": str(_("%(name)s is empty.", name=name))})
    if len(data) > MOST_BYTES:
        size = round(len(data) / 1024 / 1024)
        message = _("%(name)s is too large: %(size)s MB, the limit is %(limit)s MB.", name=name, size=size, limit=25)
        raise Invalid({"files": str(message)})
    try:
        return run_blocking(_keep, folder, name, data)
    except pictures.TooManyPixels as error:
        raise Invalid({"files": str(_("%(name)s has too many pixels to be shown safely.", name=name))}) from error


def _keep(folder: Path, name: str, data: bytes) -> Received:
    try:
        picture = pictures.read_picture(data)
    except pictures.NotAPicture:
        return Received(name, _UNKNOWN, len(data), storing.keep(folder, data))
    return Received(
        name=name,
        media_type=picture.media_type,
        size=len(picture.original),
        sha256=storing.keep(folder, picture.original),
        kind=FileKind.PICTURE,
        small_sha256=storing.keep(folder, picture.small),
        width=picture.width,
        height=picture.height,
    )


def put_on_shelf(session: Session, viewer: Viewer, received: Received, *, alt: str = "") -> StoredFile:
    """Give an upload a row that only its owner can read, until ``hand_over``.

    Raises:
        Invalid: ``alt``, which says in words what it shows, is too long.
    """
    stored = StoredFile(
        owner_id=viewer.member_id,
        audience_id=_shelf(session, viewer.member_id),
        kind=received.kind,
        name=received.name,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        small_sha256=received.small_sha256,
        width=received.width,
        height=received.height,
        alt=_in_words(alt),
    )
    session.add(stored)
    session.flush()
    ask_for(session, stored)
    return stored


def copy_to_shelf(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[int]:
    """Rows of the viewer's own for files that they may read, waiting like any other upload; the bytes are kept once."""
    copies = []
    for one in sorted(_these(session, ids), key=lambda stored: list(ids).index(stored.id)):
        received = Received(
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            kind=one.kind,
            small_sha256=one.small_sha256,
            width=one.width,
            height=one.height,
        )
        copies.append(put_on_shelf(session, viewer, received, alt=one.alt).id)
    return copies


def _shelf(session: Session, person_id: int) -> int:
    shelf = session.get(Shelf, person_id)
    if shelf is not None:
        return shelf.audience_id
    own = audience.Audience(kind=audience.AudienceKind.PICKED)
    session.add(own)
    session.flush()
    audience.join(session, own.id, (person_id,))
    session.add(Shelf(person_id=person_id, audience_id=own.id))
    session.flush()
    return own.id


def hand_over(session: Session, viewer: Viewer, ids: Sequence[int], *, audience_id: int) -> None:
    """Open waiting uploads of the viewer to an audience.

    Raises:
        Invalid: one of them is not on the viewer's shelf.
    """
    for stored in _waiting(session, viewer, ids):
        stored.audience_id, stored.is_attached = audience_id, True
    session.flush()


def hold(session: Session, viewer: Viewer, ids: Sequence[int]) -> None:
    """Keep waiting uploads of the viewer on the shelf for as long as it takes, until ``release``.

    Raises:
        Invalid: one of them is not on the viewer's shelf.
    """
    for stored in _waiting(session, viewer, ids):
        stored.is_attached = True
    session.flush()


def release(session: Session, viewer: Viewer, ids: Sequence[int]) -> None:
    """Undo ``hold``: they wait like any other upload."""
    shelf = _shelf(session, viewer.member_id) if ids else 0
    for stored in _these(session, ids):
        if stored.owner_id == viewer.id and stored.audience_id == shelf:
            stored.is_attached = False
    session.flush()


def describe(session: Session, viewer: Viewer, file_id: int, alt: str) -> None:
    """Say in words what a waiting picture shows.

    Raises:
        Invalid: it is not on the viewer's shelf, or the words are too many.
    """
    for stored in _waiting(session, viewer, (file_id,)):
        stored.alt = _in_words(alt)


def redescribe(session: Session, viewer: Viewer, ids: Mapping[int, str]) -> None:
    """Say in other words what pictures show that the viewer attached; ``ids`` maps them to the words.

    Raises:
        Invalid: they are too many; the field is that of the edit form.
    """
    for stored in _these(session, list(ids)):
        if stored.owner_id == viewer.id and stored.kind is FileKind.PICTURE:
            stored.alt = _in_words(ids[stored.id], field=f"alt-{stored.id}")


def _in_words(alt: str, *, field: str = "alt") -> str:
    words = clean_line(alt)
    if len(words) > LONGEST_ALT:
        raise Invalid({field: str(_("At most %(count)s characters.", count=LONGEST_ALT))})
    return words


def _waiting(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[StoredFile]:
    if not ids:
        return []
    mine = (StoredFile.owner_id == viewer.member_id, StoredFile.is_attached.is_(False))
    found = list(session.scalars(select(StoredFile).where(StoredFile.id.in_(ids), *mine)))
    if len(found) != len(set(ids)) or len(set(ids)) != len(ids):
        raise Invalid({"files": str(_("A file is no longer there. Attach it again."))})
    return found


def withdraw(session: Session, viewer: Viewer, ids: Sequence[int]) -> None:
    """Close files to everybody but the viewer, who takes away what they hang on; the product closes them to all but
    their owners."""
    for stored in _these(session, ids):
        stored.audience_id = _shelf(session, viewer.id or stored.owner_id)


def reopen(session: Session, ids: Sequence[int], *, audience_id: int) -> None:
    """Undo ``withdraw``, by the same viewer; what somebody else withdrew stays closed."""
    for stored in _these(session, ids):
        stored.audience_id = audience_id


def _these(session: Session, ids: Sequence[int]) -> list[StoredFile]:
    return list(session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))) if ids else []


def discard(session: Session, ids: Sequence[int]) -> None:
    """Forget files; bytes that no row names any more are swept up later."""
    if ids:
        session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)))
