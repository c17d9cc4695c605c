"""Uploads that were never posted go after some days, and bytes that no row names any more with them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from intranet.files.models import StoredFile
from intranet.kernel import clock, jobs
from intranet.kernel.runtime import runtime

FORGOTTEN_AFTER = timedelta(days=14)
# A file's bytes are written before its row: young ones may be on their way.
_YOUNG = timedelta(days=1)
_TURN = timedelta(minutes=30)


@jobs.job("files.sweep", every=_TURN)
def sweep(session: Session, _payload: dict[str, Any]) -> None:
    """Forget old uploads that hang on nothing; look through one of the 256 folders for bytes without a row.

    One folder a turn keeps the transaction short; all of them have had their turn after five days.
    """
    long_ago = clock.now() - FORGOTTEN_AFTER
    waiting = (StoredFile.is_attached.is_(False), StoredFile.created_at < long_ago)
    session.execute(delete(StoredFile).where(*waiting))
    turn = int(clock.now().timestamp() // _TURN.total_seconds()) % 256
    folder = runtime().settings.files_folder / f"{turn:02x}"
    young = (clock.now() - _YOUNG).timestamp()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < young and not any(names(session, path.name) for names in _names):
            path.unlink(missing_ok=True)


def keeps(names: Callable[[Session, str], bool]) -> None:
    """Have ``names(session, sha256)`` asked too, before bytes are swept up: other features keep bytes here as well."""
    if names not in _names:
        _names.append(names)


def _is_upload(session: Session, sha256: str) -> bool:
    named = select(StoredFile.id).where(or_(StoredFile.sha256 == sha256, StoredFile.small_sha256 == sha256))
    return session.scalar(named.limit(1)) is not None


_names: list[Callable[[Session, str], bool]] = [_is_upload]
