"""Conversations and messages as JSON. Ids are strings, times ISO 8601 UTC."""

from typing_extensions import TypedDict

from intranet.chat.models import Call, ChatRole, ConversationKind
from intranet.files.schemas import FileJson
from intranet.kernel.api import Id, Moment
from intranet.links.cards import LinkJson
from intranet.people.cards import PersonJson


class PlaceJson(TypedDict):
    """The caller's own place in a conversation."""

    role: ChatRole
    read_position: int
    muted_until: Moment | None
    unread: int
    mentions: int


class ConversationJson(TypedDict):
    """A conversation, the same for everybody who may know of it; ``people`` are those in it, unless it is a room."""

    id: Id
    kind: ConversationKind
    name: str
    topic: str
    private: bool
    group: Id | None
    people: list[PersonJson]
    member_count: int
    last_position: int
    archived: bool
    url: str
    created_at: Moment
    spoken_at: Moment


class OwnConversationJson(ConversationJson):
    """With the caller's place, null for who is not in it."""

    place: PlaceJson | None


class ChatMemberJson(PersonJson):
    """Who is in a conversation."""

    role: ChatRole


class BroughtInJson(TypedDict):
    """Who is in it now."""

    username: str


class RepliesJson(TypedDict):
    """The thread that hangs on a message."""

    count: int
    last_at: Moment


class ForwardedJson(TypedDict):
    """What a message passes on."""

    author: PersonJson
    html: str


class MessageJson(TypedDict):
    """Something said, the same for everybody who may read it; of a deleted one only that it was there."""

    id: Id
    conversation: Id
    position: int
    author: PersonJson
    nonce: str
    text: str
    html: str
    created_at: Moment
    edited_at: Moment | None
    deleted: bool
    root: Id | None
    shown: bool
    calls: Call | None
    mentions: list[Id]
    reactions: dict[str, int]
    files: list[FileJson]
    replies: RepliesJson | None
    forwarded: ForwardedJson | None
    link: LinkJson | None
    pinned: bool
    url: str


class ReceiptJson(TypedDict):
    """How far somebody has read."""

    conversation: Id
    person_id: Id
    position: int


class PointerJson(ReceiptJson):
    """With what is left, for themselves."""

    unread: int
    mentions: int


class WaitingJson(TypedDict):
    """What waits in one conversation."""

    conversation: Id
    unread: int
    mentions: int


class UnreadJson(TypedDict):
    """What waits for the caller; ``badge`` are the conversations that count, ``threads`` those with new replies."""

    items: list[WaitingJson]
    badge: list[Id]
    muted: list[Id]
    threads: int
