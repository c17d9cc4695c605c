"""What sockets are told of previews: the file, for pages that show it already."""

from sqlalchemy.orm import Session

from intranet.files.models import StoredFile
from intranet.files.previews.events import FilePreviewed
from intranet.files.queries import card_of
from intranet.kernel.live import Message, presents


def previewed(session: Session, event: FilePreviewed) -> Message | None:
    stored = session.get(StoredFile, event.file_id)
    # It may have been handed over, or taken back, since: then this audience is not told.
    return card_of(stored).as_json() if stored and stored.audience_id == event.audience_id else None


def set_up() -> None:
    """Have previews pushed; called once at start."""
    presents(FilePreviewed, previewed)
