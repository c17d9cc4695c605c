"""Drafts: what was typed and not sent yet, kept on the server for the person's other devices."""

import re

from sqlalchemy import delete
from sqlalchemy.orm import Session

from intranet.kernel import clock
from intranet.kernel.errors import Conflict, Invalid
from intranet.kernel.viewer import Viewer
from intranet.posts.models import LONGEST_TEXT, SavedDraft

_PLACE = re.compile(r"home|question|group:\d{1,19}|post:\d{1,19}|edit:\d{1,19}|chat:\d{1,19}")
# A draft may be longer than a post: it is shortened before it is sent, not lost before that.
_LONGEST_DRAFT = 5 * LONGEST_TEXT


def save_draft(
    session: Session, viewer: Viewer, place: str, text: str, *, title: str = "", seen: str | None = None
) -> SavedDraft | None:
    """Keep what stands in a box; ``place`` is ``home``, ``question``, or ``group:``, ``post:``, ``edit:`` or ``chat:``
    and an id.

    ``seen`` is the version that the writer began with, empty for none: another device's words are not written over.

    Raises:
        Invalid: there is no such place, or it is far too long to keep.
        Conflict: something else was kept there since.
    """
    if not _PLACE.fullmatch(place):
        raise Invalid({"place": "unknown"})
    if len(text) + len(title) > _LONGEST_DRAFT:
        raise Invalid({"text": f"at most {_LONGEST_DRAFT} characters"})
    saved = session.get(SavedDraft, (viewer.member_id, place))
    is_same = saved is None or (saved.title, saved.text) == (title, text)
    if saved is not None and seen is not None and seen != saved.version and not is_same:
        raise Conflict
    if not text.strip() and not title.strip():
        drop_draft(session, viewer, place)
        return None
    if saved is None:
        saved = SavedDraft(person_id=viewer.member_id, place=place, title=title, text=text, updated_at=clock.now())
        session.add(saved)
    elif not is_same:
        saved.title, saved.text, saved.updated_at = title, text, clock.now()
    return saved


def drop_draft(session: Session, viewer: Viewer, place: str) -> None:
    """Forget the draft, since it was sent or discarded."""
    gone = delete(SavedDraft).where(SavedDraft.person_id == viewer.member_id, SavedDraft.place == place)
    session.execute(gone)


def drop_sent_draft(session: Session, viewer: Viewer, place: str, text: str) -> None:
    """Forget the draft of what was sent by a page's script. That may have waited for the line while the next thing was
    begun at the same place: such a draft stays."""
    saved = session.get(SavedDraft, (viewer.member_id, place))
    if saved is not None and text.strip().startswith(saved.text.strip()):
        drop_draft(session, viewer, place)
