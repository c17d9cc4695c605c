"""Chat over sockets. In: sending, reading, typing. Out: what happened, the same for everybody who may read it.

Read pointers and typing are lossy, never outbox rows: a client that missed one asks for the counts when it is back.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intranet.chat import actions, events, queries
from intranet.chat.finding import own_place
from intranet.chat.forms import MessageBody, id_in
from intranet.chat.forwarding.models import ForwardedWords
from intranet.chat.inspection.events import ConversationInspected
from intranet.chat.inspection.queries import inspection_card
from intranet.chat.models import ChatChoices, ChatMember, ConversationKind, Message
from intranet.chat.routes import feature
from intranet.chat.schemas import PointerJson, ReceiptJson
from intranet.kernel import apart, audience, clock, live
from intranet.kernel.apart import People
from intranet.kernel.policy import MEMBER
from intranet.kernel.rooms import audience_room, person_room
from intranet.kernel.tables import BigId
from intranet.kernel.viewer import Viewer, system
from intranet.people.cards import person_cards

SHOWS_READERS = 12
"""Receipts are for conversations of so many people at most, and for those who show theirs."""

_NEUTRAL = system(reason="live: what is pushed carries no viewer's marks")


@feature.on("chat:send", allow=MEMBER)
def send(session: Session, viewer: Viewer, data: dict[str, Any]) -> dict[str, Any]:
    """Say something; acknowledged when it is stored for good."""
    draft = MessageBody.parse(data).draft
    began = clock.now()
    message = actions.send_message(session, viewer, id_in(data, "conversation"), draft)
    session.flush()
    if message.created_at >= began:
        return {"message": queries.fresh_card(session, viewer, message).as_json()}
    return {"message": queries.message_card(session, viewer, message.id).as_json()}  # a retry: look again


@feature.on("chat:read", allow=MEMBER)
def read(session: Session, viewer: Viewer, data: dict[str, Any]) -> dict[str, Any]:
    """Everything up to ``message_id`` is read; with ``thread`` only its thread is."""
    if data.get("thread") is True:
        actions.mark_thread_read(session, viewer, id_in(data, "message_id"))
        session.flush()
        return {"threads": queries.thread_unread_count(session, viewer)}
    membership = actions.mark_read(session, viewer, id_in(data, "message_id"))
    return {**tell_read(session, viewer, membership)}


@feature.on("chat:typing", allow=MEMBER, writes=False)
def typing(session: Session, viewer: Viewer, data: dict[str, Any]) -> dict[str, Any]:
    """Somebody is writing; the page says so once in a few seconds, and nothing is stored."""
    conversation, _membership = own_place(session, viewer, id_in(data, "conversation"))
    choices = session.get(ChatChoices, viewer.member_id)
    if conversation.archived_at is not None or (choices is not None and not choices.shows_typing):
        return {}
    name = person_cards(session, [viewer.member_id])[viewer.member_id].name
    root = str(id_in(data, "root")) if data.get("root") else None
    said = {"conversation": str(conversation.id), "root": root, "person_id": str(viewer.id), "name": name}
    live.push_lossy("typing", said, room=_rooms_beside(session, viewer.member_id, conversation.id))
    return {}


def _rooms_beside(session: Session, person_id: int, conversation_id: int) -> str | list[str]:
    """Where those hear of somebody in a conversation who do not keep apart from them."""
    far = apart.parted_from(session, [person_id])
    members = audience.member_ids(session, conversation_id) if far else frozenset()
    return list(map(person_room, members - far)) if members & far else audience_room(conversation_id)


def tell_read(session: Session, viewer: Viewer, membership: ChatMember) -> PointerJson:
    """Tell the viewer's other pages where the pointer stands, and in small conversations the others."""
    session.flush()
    conversation, _membership = own_place(session, viewer, membership.conversation_id)
    new = queries.unread_of(session, viewer, [conversation.id]).get(conversation.id, queries.Unread(0, 0))
    pointer = ReceiptJson(
        conversation=str(conversation.id), person_id=str(viewer.id), position=membership.read_position
    )
    mine = PointerJson(**pointer, unread=new.count, mentions=new.mentions)
    live.push_lossy("read", mine, room=person_room(viewer.member_id))
    choices = session.get(ChatChoices, viewer.member_id)
    shows = choices is None or choices.shows_reading
    if shows and conversation.kind is not ConversationKind.ROOM and conversation.member_count <= SHOWS_READERS:
        live.push_lossy("receipt", pointer, room=_rooms_beside(session, viewer.member_id, conversation.id))
    return mine


_Said = events.MessageSent | events.MessageEdited | events.MessagePinned | events.MessageLinked
_Changed = events.ConversationStarted | events.ConversationChanged
_Moved = events.ConversationJoined | events.ConversationLeft


def messages(session: Session, happened: Sequence[_Said | events.MessageDeleted]) -> list[live.Message | None]:
    """In a lively hour, and for whoever comes back, many at once."""
    cards = queries.cards_of(session, _NEUTRAL, {event.message_id for event in happened})
    found = {card.id: card.as_json() for card in cards}
    return [found.get(event.message_id) for event in happened]


def deleted(session: Session, event: events.MessageDeleted) -> live.Message | None:
    (found,) = messages(session, [event])
    # Brought back since: its own event follows.
    return {**found, "text": "", "html": "", "files": [], "link": None, "deleted": True} if found else None


def reacted(session: Session, event: events.MessageReacted) -> dict[str, Any] | None:
    if session.get(Message, event.message_id) is None:
        return None
    counts = queries.reaction_counts(session, event.message_id)
    return {
        "id": str(event.message_id),
        "conversation": str(event.audience_id),
        "person_id": str(event.person_id),
        "reactions": counts,
    }


def conversation(session: Session, event: _Changed) -> live.Message | None:
    card = queries.conversation_cards(session, _NEUTRAL, [event.conversation_id], with_place=False)
    found = card.get(event.conversation_id)
    return found.as_json() if found else None


def moved(session: Session, event: _Moved) -> live.Message | None:
    cards = queries.conversation_cards(session, _NEUTRAL, [event.conversation_id], with_place=False)
    person = person_cards(session, [event.person_id]).get(event.person_id)
    found = cards.get(event.conversation_id)
    return {**found.as_json(), "person": person.as_json()} if found and person else None


def gone(_session: Session, event: events.ConversationGone) -> dict[str, Any]:
    return {"id": str(event.conversation_id)}


def inspected(session: Session, event: ConversationInspected) -> live.Message | None:
    card = inspection_card(session, event.inspection_id)
    return {"id": str(event.conversation_id), **card.as_json()} if card else None


def asked(_session: Session, event: events.SharingAsked | events.SharingAnswered) -> dict[str, Any]:
    """For the one whom it concerns; what was asked and answered they read where it stands."""
    return {"id": str(event.message_id), "conversation": str(event.conversation_id)}


def _writers() -> People:
    message_id: Any = bindparam("message_id", type_=BigId)
    said = select(Message.author_id).where(Message.id == message_id)
    passed_on = select(ForwardedWords.author_id).where(ForwardedWords.message_id == message_id)
    below = select(Message.author_id).where(Message.root_id == message_id)
    return select(said.union_all(passed_on, below).subquery().c.author_id)


_WRITERS = _writers()
"""Who said the message that an event is about, what it passes on, and what is counted in its thread."""


def set_up() -> None:
    """Have conversations pushed; called once at start."""
    for said in (events.MessageSent, events.MessageEdited, events.MessagePinned, events.MessageLinked):
        live.presents_together(said, messages, written_by=_WRITERS)
    live.presents(events.SharingAsked, asked)
    live.presents(events.SharingAnswered, asked)
    live.presents(events.MessageDeleted, deleted, written_by=_WRITERS)
    live.presents(events.MessageReacted, reacted, written_by=_WRITERS)
    live.presents(events.ConversationStarted, conversation)
    live.presents(events.ConversationChanged, conversation)
    live.presents(events.ConversationJoined, moved)
    live.presents(events.ConversationLeft, moved)
    live.presents(events.ConversationGone, gone)
    live.presents(ConversationInspected, inspected)
