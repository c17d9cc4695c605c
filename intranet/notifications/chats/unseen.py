"""A mention or a direct message becomes a notice when it was not seen for a minute, and is settled by the read pointer.

Most of what reaches somebody in chat is read as it comes: it never gets into the ledger. What was read in chat is read
in the ledger too, in the same transaction, so that no mail and no digest tells of it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat import events as chat_events
from intranet.chat.actions import on_reading
from intranet.chat.finding import member_ids_of
from intranet.chat.models import ChatMember, Conversation, ConversationKind, Message, MessageMention
from intranet.chat.queries import unseen_by
from intranet.kernel import clock, jobs
from intranet.kernel.outbox import Delivery, delivery_of, subscribe
from intranet.kernel.viewer import Viewer
from intranet.notifications.actions import read_messages
from intranet.notifications.models import Notice, Source
from intranet.notifications.telling import Matter, bring_back, take_back, tell, withdraw

PATIENCE = timedelta(minutes=1)
SAID = (Source.CHAT_MENTION, Source.CHAT_DIRECT)
_LOOK = "notifications.unseen"


def register() -> None:
    """Listen to chat; called once at start."""
    subscribe("notifications", chat_events.PeopleAddressed, addressed)
    subscribe("notifications", chat_events.MessageDeleted, gone)
    subscribe("notifications", chat_events.MessageEdited, there_again)
    subscribe("notifications", chat_events.SharingAsked, asked)
    subscribe("notifications", chat_events.SharingAnswered, answered)
    on_reading(settle)


def addressed(session: Session, happened: chat_events.PeopleAddressed) -> None:
    """Look in a while whether those whom it speaks to have seen it."""
    payload = {"message_id": str(happened.message_id), "event_id": delivery_of(session).event_id}
    jobs.later(session, _LOOK, payload, at=delivery_of(session).happened_at + PATIENCE)


def gone(session: Session, happened: chat_events.MessageDeleted) -> None:
    withdraw(session, item_id=happened.message_id)


def there_again(session: Session, happened: chat_events.MessageEdited) -> None:
    bring_back(session, item_id=happened.message_id)


def asked(session: Session, happened: chat_events.SharingAsked) -> None:
    """Whoever said it is to decide whether it leaves the conversation."""
    tell(session, _of_sharing(Source.SHARING_ASKED, happened), [happened.recipient_id])


def answered(session: Session, happened: chat_events.SharingAnswered) -> None:
    """Who decided need not be told any more that they are asked; who thinks again tells once more."""
    take_back(session, f"{Source.SHARING_ASKED}:{happened.request_id}")
    take_back(session, f"{Source.SHARING_ANSWERED}:{happened.request_id}")
    tell(session, _of_sharing(Source.SHARING_ANSWERED, happened), [happened.recipient_id])


def _of_sharing(source: Source, happened: chat_events.SharingAsked | chat_events.SharingAnswered) -> Matter:
    return Matter(
        source=source,
        about=f"{source}:{happened.request_id}",
        thread=f"{source}:{happened.request_id}",
        actor_id=happened.actor_id,
        audience_id=happened.conversation_id,
        item_id=happened.message_id,
        subject_id=happened.conversation_id,
    )


@jobs.job(_LOOK)
def tell_of_unseen(session: Session, payload: dict[str, Any]) -> None:
    """Tell those who are still in the conversation, do hear it, and have not come to see the message."""
    message = session.get(Message, int(payload["message_id"]))
    conversation = session.get(Conversation, message.conversation_id) if message is not None else None
    if message is None or conversation is None or message.deleted_at is not None:
        return
    named = set(session.scalars(select(MessageMention.person_id).where(MessageMention.message_id == message.id)))
    direct = set() if conversation.kind is ConversationKind.ROOM else set(member_ids_of(session, conversation.id))
    waiting = _waiting(session, message, (named | direct) - {message.author_id})
    delivery = Delivery(int(payload["event_id"]), message.created_at)
    tell(session, _matter(message, Source.CHAT_MENTION), waiting & named, delivery=delivery)
    tell(session, _matter(message, Source.CHAT_DIRECT), waiting - named, delivery=delivery)


def _waiting(session: Session, message: Message, people: Iterable[int]) -> set[int]:
    """Their memberships stay locked to the commit, so that reading comes before this or settles what this tells."""
    inside = select(ChatMember).where(
        ChatMember.conversation_id == message.conversation_id, ChatMember.person_id.in_(people)
    )
    members = session.scalars(inside.order_by(ChatMember.person_id).with_for_update()).all()
    hearing = [one.person_id for one in members if one.muted_until is None or one.muted_until <= clock.now()]
    return unseen_by(session, message, hearing)


def _matter(message: Message, source: Source) -> Matter:
    return Matter(
        source=source,
        about=f"message:{message.id}",
        thread=f"chat:{message.conversation_id}",
        actor_id=message.author_id,
        audience_id=message.conversation_id,
        item_id=message.id,
        subject_id=message.conversation_id,
    )


def settle(session: Session, viewer: Viewer, conversation_id: int) -> None:
    """The viewer read on in a conversation: what they have seen there waits in the ledger no more."""
    mine = (Notice.person_id == viewer.member_id, Notice.read_at.is_(None), Notice.source.in_(SAID))
    waiting = select(Notice.item_id).where(*mine, Notice.subject_id == conversation_id)
    ids = {one for one in session.scalars(waiting) if one is not None}
    if not ids:
        return
    said = session.scalars(select(Message).where(Message.id.in_(ids))).all()
    seen = [one.id for one in said if not unseen_by(session, one, [viewer.member_id])]
    read_messages(session, viewer, seen)
