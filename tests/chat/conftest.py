"""What the tests of chat share: doing something as somebody, and looking as somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import pytest
from sqlalchemy.orm import Session

from intranet.chat import actions, queries
from intranet.chat.cards import MessageCard
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer

T = TypeVar("T")
_nonces = count(1)


@dataclass(frozen=True, slots=True)
class Talk:
    """Chat as the cast uses it, each call in a transaction of its own."""

    database: Database

    def do(self, viewer: Viewer, action: Callable[..., T], *args: Any, **named: Any) -> T:
        return self.database.transact(viewer, lambda session: action(session, viewer, *args, **named))

    def look(self, viewer: Viewer, query: Callable[[Session], T]) -> T:
        with self.database.reading(viewer) as session:
            return query(session)

    def direct(self, viewer: Viewer, *usernames: str) -> int:
        return self.do(viewer, actions.start_conversation, usernames).id

    def room(self, viewer: Viewer, name: str = "welding", **named: Any) -> int:
        return self.do(viewer, actions.open_room, actions.RoomDraft(name=name, **named)).id

    def say(self, viewer: Viewer, conversation_id: int, text: str = "hello", **named: Any) -> int:
        draft = actions.MessageDraft(text=text, **{"nonce": f"nonce {next(_nonces)}", **named})
        return self.do(viewer, actions.send_message, conversation_id, draft).id

    def heard(self, viewer: Viewer, conversation_id: int) -> list[MessageCard]:
        return self.look(
            viewer, lambda s: queries.stretch(s, viewer, conversation_id, everything=True, limit=1000).items
        )

    def texts(self, viewer: Viewer, conversation_id: int) -> list[str]:
        return [card.text for card in self.heard(viewer, conversation_id)]

    def unread(self, viewer: Viewer, conversation_id: int) -> tuple[int, int]:
        found = self.look(viewer, lambda s: queries.unread_of(s, viewer)).get(conversation_id)
        return (found.count, found.mentions) if found else (0, 0)


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)
