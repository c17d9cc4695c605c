"""The made-up company talks: a few rooms and conversations, said by its people through the product's own actions."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from intranet.chat import actions
from intranet.chat.asking.actions import ask_author
from intranet.chat.asking.models import Wish
from intranet.chat.models import Conversation
from intranet.kernel import clock
from intranet.kernel.db import Database
from intranet.kernel.viewer import Viewer

_FILE = Path(__file__).parent / "data" / "rooms.toml"


def talk(database: Database, people: Mapping[str, int], now: datetime) -> None:
    """Have every conversation of the file held; who is not in this company says nothing."""
    with _FILE.open("rb") as source:
        read = tomllib.load(source)
    for one in (*read["room"], *read["talk"]):
        inside = [name for name in one["people"] if name in people]
        if len(inside) > 1:
            _hold(database, one, inside, people, now)


def _hold(database: Database, one: dict[str, Any], inside: list[str], people: Mapping[str, int], now: datetime) -> None:
    host = Viewer(people[inside[0]])
    first = now - timedelta(minutes=one["said"][0][0] + 5)
    with clock.fixed(first):
        conversation = database.transact(host, lambda session: _begin(session, host, one, inside).id)
    ids: dict[int, int] = {}
    for number, (minutes, who, text, *answers) in enumerate(one["said"], start=1):
        if who not in inside:
            continue
        speaker = Viewer(people[who])
        root = ids.get(answers[0]) if answers else None
        draft = actions.MessageDraft(text=text, nonce=f"demo {conversation} {number}", root_id=root)
        with clock.fixed(now - timedelta(minutes=minutes)):
            ids[number] = _say(database, speaker, conversation, draft)
    for number, who, wish in one.get("asks", ()):
        if number in ids and who in inside:
            _ask(database, Viewer(people[who]), ids[number], Wish(wish))


def _ask(database: Database, viewer: Viewer, message: int, wish: Wish) -> None:
    database.transact(viewer, lambda session: ask_author(session, viewer, message, wish))


def _begin(session: Session, host: Viewer, one: dict[str, Any], inside: list[str]) -> Conversation:
    if "name" not in one:
        return actions.start_conversation(session, host, inside[1:])
    draft = actions.RoomDraft(
        name=one["name"], topic=one["topic"], is_public=not one.get("private", False), people=inside[1:]
    )
    return actions.open_room(session, host, draft)


def _say(database: Database, speaker: Viewer, conversation: int, draft: actions.MessageDraft) -> int:
    return database.transact(speaker, lambda s: actions.send_message(s, speaker, conversation, draft).id)
