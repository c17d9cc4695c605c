"""What the owners of a room decide about it."""

from sqlalchemy.orm import Session

from intranet.chat.actions.starting import checked_name, checked_topic, refuse_taken
from intranet.chat.events import ConversationChanged
from intranet.chat.finding import find_conversation, membership_of
from intranet.chat.models import LONGEST_NAME, Conversation
from intranet.chat.policy import ChatPermission
from intranet.kernel import clock
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer


def change_room(
    session: Session, viewer: Viewer, conversation_id: int, *, name: str | None = None, topic: str | None = None
) -> Conversation:
    """Give a room another name or topic line; None leaves it as it is.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: the viewer is none of its owners.
        Invalid: the name or topic cannot be taken.
    """
    room = _kept(session, viewer, conversation_id)
    if name is not None:
        room.name = checked_name(name)
        room.folded_name = fold(room.name)[:LONGEST_NAME]
        if room.is_public:
            refuse_taken(session, room.name, but=room.id)
    if topic is not None:
        room.topic = checked_topic(topic)
    record(session, ConversationChanged(room.id, viewer.id, room.id))
    return room


def archive_room(session: Session, viewer: Viewer, conversation_id: int, *, is_archived: bool) -> Conversation:
    """Close a room to new messages and members, or open it again; what was said stays readable.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: the viewer is none of its owners.
    """
    room = _kept(session, viewer, conversation_id)
    room.archived_at = clock.now() if is_archived else None
    record(session, ConversationChanged(room.id, viewer.id, room.id))
    return room


def _kept(session: Session, viewer: Viewer, conversation_id: int) -> Conversation:
    room = find_conversation(session, conversation_id)
    require(ChatPermission.KEEP, viewer, room, membership_of(session, room.id, viewer.id))
    return room
