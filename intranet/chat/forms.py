"""Input for chat, from HTML forms, JSON and sockets."""

from typing import Any

from pydantic import AwareDatetime

from intranet.chat.actions import MessageDraft, RoomDraft
from intranet.chat.forwarding.actions import ForwardDraft
from intranet.kernel.errors import NotFound
from intranet.kernel.forms import Form
from intranet.kernel.ids import parse_id
from intranet.kernel.reactions import ReactionKind


class MessageBody(Form):
    """``POST …/messages`` and ``chat:send``; the action measures the text and says by how much it is too long."""

    text: str = ""
    nonce: str = ""
    root: str | None = None
    shown: bool = False
    files: list[str] = []
    confirm: bool = False

    @property
    def draft(self) -> MessageDraft:
        return MessageDraft(
            text=self.text,
            nonce=self.nonce,
            root_id=parse_id(self.root) if self.root else None,
            is_shown=self.shown,
            files=[parse_id(file) for file in self.files],
            is_confirmed=self.confirm,
        )


class ForwardBody(Form):
    """``POST /api/v1/messages/{id}/forward``."""

    conversation: str
    text: str = ""
    nonce: str = ""
    confirm: bool = False

    @property
    def draft(self) -> ForwardDraft:
        return ForwardDraft(
            conversation_id=parse_id(self.conversation), text=self.text, nonce=self.nonce, is_confirmed=self.confirm
        )


class ConversationBody(Form):
    """``POST /api/v1/conversations``: people alone, or a room."""

    people: list[str] = []
    room: str | None = None
    topic: str = ""
    private: bool = False
    group: str | None = None

    @property
    def draft(self) -> RoomDraft:
        return RoomDraft(
            name=self.room or "",
            topic=self.topic,
            is_public=not self.private,
            group_id=parse_id(self.group) if self.group else None,
            people=self.people,
        )


class RoomChanges(Form):
    """``PATCH /api/v1/conversations/{id}``: what is left out stays."""

    name: str | None = None
    topic: str | None = None
    archived: bool | None = None


class ReactionBody(Form):
    """A reaction, and whether it shall be there."""

    kind: ReactionKind
    on: bool = True


class SwitchBody(Form):
    """Something that is on or off."""

    on: bool = True


class TextBody(Form):
    """Words."""

    text: str


class MuteBody(Form):
    """Until when; null ends it."""

    until: AwareDatetime | None = None


class ReadBody(Form):
    """Up to which message."""

    message_id: str


def id_in(data: dict[str, Any], name: str) -> int:
    """An id in a socket call's data.

    Raises:
        NotFound: it is missing, or cannot be anybody's.
    """
    value = data.get(name)
    if not isinstance(value, str | int):
        raise NotFound
    return parse_id(str(value))
