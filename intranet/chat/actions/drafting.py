"""Drafts: what was typed and not sent yet, kept on the server for the person's other devices."""

from typing import Any

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import Session

from intranet.chat.finding import find_message, own_place
from intranet.chat.models import LONGEST_MESSAGE, ChatDraft
from intranet.kernel import clock
from intranet.kernel.errors import Invalid
from intranet.kernel.viewer import Viewer

# A draft may be longer than a message: it is shortened before it is sent, not lost before that.
_LONGEST_DRAFT = 5 * LONGEST_MESSAGE


def save_draft(session: Session, viewer: Viewer, conversation_id: int, text: str, *, root_id: int = 0) -> None:
    """Keep what stands in the box of a conversation, or of one of its threads; an empty text forgets it.

    Raises:
        NotFound: the viewer is not in it, or there is no such thread.
        Invalid: it is far too long to keep.
    """
    own_place(session, viewer, conversation_id)
    if root_id:
        find_message(session, root_id)
    if len(text) > _LONGEST_DRAFT:
        raise Invalid({"text": f"at most {_LONGEST_DRAFT} characters"})
    if not text.strip():
        drop_draft(session, viewer, conversation_id, root_id)
        return
    saved = session.get(ChatDraft, (viewer.member_id, conversation_id, root_id))
    if saved is None:
        place = {"person_id": viewer.member_id, "conversation_id": conversation_id, "root_id": root_id}
        session.add(ChatDraft(**place, text=text))
    elif saved.text != text:
        saved.text, saved.updated_at = text, clock.now()


def draft_exists(person_id: Any, conversation_id: Any, root_id: Any) -> "ColumnElement[bool]":
    """Whether something waits there, for a statement that asks other things too."""
    return exists().where(
        ChatDraft.person_id == person_id, ChatDraft.conversation_id == conversation_id, ChatDraft.root_id == root_id
    )


def drop_draft(session: Session, viewer: Viewer, conversation_id: int, root_id: int = 0) -> None:
    """Forget the draft, since it was sent or discarded."""
    session.execute(
        delete(ChatDraft).where(
            ChatDraft.person_id == viewer.member_id,
            ChatDraft.conversation_id == conversation_id,
            ChatDraft.root_id == root_id,
        )
    )
