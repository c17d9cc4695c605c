"""What every page of chat shows: the viewer's conversations, and the parts of one of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat import queries
from intranet.chat.cards import ConversationCard, MessageCard
from intranet.chat.finding import find_conversation, membership_of
from intranet.chat.inspection.queries import inspections_of
from intranet.chat.live import SHOWS_READERS
from intranet.chat.models import LONGEST_MESSAGE, ChatChoices, ChatDraft, ChatMember, ThreadFollow
from intranet.chat.policy import ChatPermission
from intranet.kernel import apart, clock
from intranet.kernel.errors import NotFound
from intranet.kernel.ids import new_id
from intranet.kernel.policy import allows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards
from intranet.people.models import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where one writes: ``root_id`` is 0 for the conversation itself. ``nonce`` makes a second submit harmless."""

    conversation_id: int
    root_id: int
    text: str
    nonce: str
    drafted_at: datetime | None
    errors: dict[str, str]
    longest: int = LONGEST_MESSAGE


def sidebar(session: Session, viewer: Viewer, *, current: str = "") -> dict[str, Any]:
    """The list of conversations, what waits first."""
    mine = queries.my_conversations(session, viewer)
    profile = session.get(Profile, viewer.member_id)
    until = profile.focusing_until if profile else None
    return {
        "focusing_until": until if until is not None and until > clock.now() else None,
        "rooms": [one for one in mine if one.is_room],
        "talks": [one for one in mine if not one.is_room],
        "threads_waiting": queries.thread_unread_count(session, viewer),
        "current": current,
        "screen": "rooms",
    }


def box(
    session: Session,
    viewer: Viewer,
    conversation_id: int,
    *,
    root_id: int = 0,
    text: str = "",
    naming: str = "",
    nonce: str = "",
    errors: dict[str, str] | None = None,
) -> Box:
    """The box with what was typed, or else with the draft that waits; ``naming`` adds a username to it."""
    draft = None if text else session.get(ChatDraft, (viewer.member_id, conversation_id, root_id))
    begun = draft.text if draft else text
    return Box(
        conversation_id=conversation_id,
        root_id=root_id,
        text=f"{begun} @{naming} ".lstrip() if naming else begun,
        nonce=nonce or f"page:{new_id()}",
        drafted_at=draft.updated_at if draft else None,
        errors=errors or {},
    )


def room(
    session: Session, viewer: Viewer, card: ConversationCard, shown: queries.Stretch, **box_parts: Any
) -> dict[str, Any]:
    """A conversation with a stretch of what was said in it."""
    conversation = find_conversation(session, card.id)
    membership = membership_of(session, card.id, viewer.id)
    return {
        **sidebar(session, viewer, current=str(card.id)),
        "screen": "room",
        "conversation": card,
        "shown": shown,
        "first_new": queries.first_unread(session, viewer, card.id) if card.place else None,
        "inspections": inspections_of(session, card.id) if membership else [],
        "pins": queries.pinned(session, viewer, card.id),
        "member_faces": [line.person for line in queries.members_page(session, card.id, limit=3).items],
        "box": box(session, viewer, card.id, **box_parts),
        "may_send": allows(ChatPermission.SEND, viewer, conversation, membership),
        "may_join": allows(ChatPermission.JOIN, viewer, conversation, membership),
        "may_keep": allows(ChatPermission.KEEP, viewer, conversation, membership),
        "may_invite": allows(ChatPermission.INVITE, viewer, conversation, membership),
        "may_leave": allows(ChatPermission.LEAVE, viewer, conversation, membership),
        "readers": readers(session, viewer, card),
        "blank": blank(session, viewer, card),
    }


def readers(session: Session, viewer: Viewer, card: ConversationCard) -> list[tuple[PersonCard, int]]:
    """How far the others have read, in small conversations, as far as both sides show it; nothing across a
    block."""
    mine = session.get(ChatChoices, viewer.member_id)
    if card.is_room or card.member_count > SHOWS_READERS or (mine is not None and not mine.shows_reading):
        return []
    hidden = select(ChatChoices.person_id).where(ChatChoices.shows_reading.is_(False))
    others = select(ChatMember.person_id, ChatMember.read_position).where(
        ChatMember.conversation_id == card.id,
        ChatMember.person_id != viewer.member_id,
        ChatMember.person_id.not_in(hidden),
        ChatMember.person_id.not_in(apart.blocked(viewer.id)),
    )
    rows = session.execute(others).all()
    people = person_cards(session, [row.person_id for row in rows])
    return [(people[row.person_id], row.read_position) for row in rows]


def blank(session: Session, viewer: Viewer, card: ConversationCard) -> MessageCard:
    """A message of the viewer's without words: the shape that the page's script fills in for what arrives."""
    return MessageCard(
        id=0,
        conversation_id=card.id,
        position=0,
        author=person_cards(session, [viewer.member_id])[viewer.member_id],
        nonce="",
        text="",
        html="",
        created_at=clock.now(),
        edited_at=None,
        is_deleted=False,
        root_id=None,
        is_shown=True,
        calls=None,
        is_pinned=False,
        can_edit=True,
        can_delete=True,
    )


def thread(session: Session, viewer: Viewer, card: ConversationCard, root_id: int, **box_parts: Any) -> dict[str, Any]:
    """A thread beside its conversation.

    Raises:
        NotFound: it is not there for this viewer, or stands elsewhere.
    """
    root = queries.message_card(session, viewer, root_id)
    if root.conversation_id != card.id or root.root_id is not None:
        raise NotFound
    followed = session.get(ThreadFollow, (root_id, viewer.member_id))
    replies = queries.thread_cards(session, viewer, root_id)
    return {
        "root": root,
        "replies": replies,
        "people_count": len({root.author.id, *(reply.author.id for reply in replies)}),
        "is_followed": followed is not None and followed.is_on,
        "thread_box": box(session, viewer, card.id, root_id=root_id, **box_parts),
        "screen": "side",
    }
