"""What happened in conversations. ``audience_id`` is who may know of it, ``recipient_id`` the one whom it concerns."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("conversation.started")
@dataclass(frozen=True, slots=True)
class ConversationStarted:
    """There is a new conversation; those who are in it hear so."""

    conversation_id: int
    actor_id: int | None
    audience_id: int


@event("conversation.changed")
@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """Its name, its topic line, or whether it is archived."""

    conversation_id: int
    actor_id: int | None
    audience_id: int


@event("conversation.member-joined")
@dataclass(frozen=True, slots=True)
class ConversationJoined:
    """Somebody is in."""

    conversation_id: int
    person_id: int
    actor_id: int | None
    audience_id: int


@event("conversation.member-left")
@dataclass(frozen=True, slots=True)
class ConversationLeft:
    """Somebody left or was taken out; those who are in it hear so."""

    conversation_id: int
    person_id: int
    actor_id: int | None
    audience_id: int


@event("conversation.gone")
@dataclass(frozen=True, slots=True)
class ConversationGone:
    """``recipient_id`` is in a conversation no more; their open pages let go of it."""

    conversation_id: int
    recipient_id: int


@event("message.sent")
@dataclass(frozen=True, slots=True)
class MessageSent:
    """Something was said."""

    message_id: int
    audience_id: int
    author_id: int


@event("message.addressed")
@dataclass(frozen=True, slots=True)
class PeopleAddressed:
    """What was said names or calls somebody, or is said to one or a few: it may want a notice."""

    message_id: int
    audience_id: int
    author_id: int


@event("message.edited")
@dataclass(frozen=True, slots=True)
class MessageEdited:
    """It says something else now, or was brought back."""

    message_id: int
    audience_id: int
    author_id: int


@event("message.deleted")
@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """It was taken away for everybody."""

    message_id: int
    audience_id: int
    author_id: int


@event("message.reacted")
@dataclass(frozen=True, slots=True)
class MessageReacted:
    """Somebody reacted, or took it back."""

    message_id: int
    audience_id: int
    person_id: int


@event("message.linked")
@dataclass(frozen=True, slots=True)
class MessageLinked:
    """The card of the page that it links to came, or was taken away."""

    message_id: int
    audience_id: int


@event("message.asked")
@dataclass(frozen=True, slots=True)
class SharingAsked:
    """Somebody asks a message's author whether its words may leave the conversation."""

    request_id: int
    message_id: int
    conversation_id: int
    actor_id: int
    recipient_id: int


@event("message.answered")
@dataclass(frozen=True, slots=True)
class SharingAnswered:
    """Its author said yes or no to who asked."""

    request_id: int
    message_id: int
    conversation_id: int
    actor_id: int
    recipient_id: int


@event("message.pinned")
@dataclass(frozen=True, slots=True)
class MessagePinned:
    """It is kept in sight, or no longer."""

    message_id: int
    audience_id: int
    actor_id: int | None
