"""What pages and programs show of conversations and messages: frozen, and read in a fixed number of statements."""

from dataclasses import dataclass
from datetime import datetime

from intranet.chat.asking.queries import RequestCard
from intranet.chat.models import Call, ChatRole, ConversationKind
from intranet.chat.schemas import ConversationJson, ForwardedJson, MessageJson, PlaceJson
from intranet.files.queries import FileCard
from intranet.groups.queries import GroupCard
from intranet.kernel import clock
from intranet.kernel.clock import iso
from intranet.kernel.reactions import ReactionCount
from intranet.links.cards import LinkCard
from intranet.people.cards import PersonCard


@dataclass(frozen=True, slots=True)
class Place:
    """The viewer's own place in a conversation: never pushed, never shown to others."""

    role: ChatRole
    read_position: int
    muted_until: datetime | None
    unread: int = 0
    mentions: int = 0

    @property
    def is_muted(self) -> bool:
        return self.muted_until is not None and self.muted_until > clock.now()

    def as_json(self) -> PlaceJson:
        """For the viewer's own programs."""
        return {
            "role": self.role,
            "read_position": self.read_position,
            "muted_until": iso(self.muted_until),
            "unread": self.unread,
            "mentions": self.mentions,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationCard:
    """A conversation. ``people`` are those who are in it, unless it is a room; ``place`` is None for who is not."""

    id: int
    kind: ConversationKind
    name: str
    topic: str
    is_public: bool
    group: GroupCard | None
    member_count: int
    last_position: int
    is_archived: bool
    created_at: datetime
    spoken_at: datetime
    people: tuple[PersonCard, ...] = ()
    place: Place | None = None

    @property
    def url(self) -> str:
        return f"/chat/{self.id}"

    @property
    def is_room(self) -> bool:
        return self.kind is ConversationKind.ROOM

    @property
    def is_direct(self) -> bool:
        return self.kind is ConversationKind.DIRECT

    def others(self, viewer_id: int | None) -> tuple[PersonCard, ...]:
        """The people of a conversation besides its reader."""
        return tuple(person for person in self.people if person.id != viewer_id)

    def title(self, viewer_id: int | None) -> str:
        """The room's name, or whom the reader writes with."""
        if self.is_room:
            return self.name
        others = self.others(viewer_id)
        if len(others) == 1:
            return others[0].name
        return ", ".join(person.first_name for person in others) or ", ".join(one.first_name for one in self.people)

    def as_json(self) -> ConversationJson:
        """The same for everybody who may know of it."""
        return {
            "id": str(self.id),
            "kind": self.kind,
            "name": self.name,
            "topic": self.topic,
            "private": not self.is_public,
            "group": str(self.group.id) if self.group else None,
            "people": [person.as_json() for person in self.people],
            "member_count": self.member_count,
            "last_position": self.last_position,
            "archived": self.is_archived,
            "url": self.url,
            "created_at": iso(self.created_at),
            "spoken_at": iso(self.spoken_at),
        }


@dataclass(frozen=True, slots=True)
class Replies:
    """What hangs on a message as a thread: how many, when the last came, and a few who answered."""

    count: int
    last_at: datetime
    people: tuple[PersonCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What a message passes on. ``source_id`` is where it was said, 0 for who may not read there; the words are empty
    when it is gone."""

    author: PersonCard
    html: str
    source_id: int = 0

    def as_json(self) -> ForwardedJson:
        """The same for everybody to whom it was passed on: not where it was said."""
        return {"author": self.author.as_json(), "html": self.html}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCard:
    """Something said. ``mentions`` are the ids of whom it names or calls; ``@room`` is told by ``calls`` alone."""

    id: int
    conversation_id: int
    position: int
    author: PersonCard
    nonce: str
    text: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    is_deleted: bool
    root_id: int | None
    is_shown: bool
    calls: Call | None
    is_pinned: bool
    mentions: tuple[int, ...] = ()
    reactions: tuple[ReactionCount, ...] = ()
    files: tuple[FileCard, ...] = ()
    replies: Replies | None = None
    forwarded: Forwarded | None = None
    link: LinkCard | None = None
    requests: tuple[RequestCard, ...] = ()
    is_bookmarked: bool = False
    names_me: bool = False
    can_edit: bool = False
    can_delete: bool = False
    can_restore: bool = False

    @property
    def url(self) -> str:
        return f"/chat/{self.conversation_id}?at={self.id}#message-{self.id}"

    @property
    def link_picture_url(self) -> str:
        return f"/chat/messages/{self.id}/link/picture"

    @property
    def pictures(self) -> tuple[FileCard, ...]:
        return tuple(file for file in self.files if file.is_picture)

    @property
    def documents(self) -> tuple[FileCard, ...]:
        return tuple(file for file in self.files if not file.is_picture)

    def as_json(self) -> MessageJson:
        """Without anything of the viewer's own, the same for everybody who may read it."""
        return {
            "id": str(self.id),
            "conversation": str(self.conversation_id),
            "position": self.position,
            "author": self.author.as_json(),
            "nonce": self.nonce,
            "text": self.text,
            "html": self.html,
            "created_at": iso(self.created_at),
            "edited_at": iso(self.edited_at),
            "deleted": self.is_deleted,
            "root": str(self.root_id) if self.root_id else None,
            "shown": self.is_shown,
            "calls": self.calls,
            "mentions": [str(person_id) for person_id in self.mentions],
            "reactions": {one.kind.value: one.count for one in self.reactions},
            "files": [file.as_json() for file in self.files],
            "replies": {"count": self.replies.count, "last_at": iso(self.replies.last_at)} if self.replies else None,
            "forwarded": self.forwarded.as_json() if self.forwarded else None,
            "link": self.link.as_json(self.link_picture_url) if self.link else None,
            "pinned": self.is_pinned,
            "url": self.url,
        }
