"""A message's link card: asked for with the message, brought by the worker, taken away by its sender."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.events import MessageLinked
from intranet.chat.finding import find_message, membership_of
from intranet.chat.models import Message
from intranet.chat.policy import ChatPermission
from intranet.kernel import clock, jobs
from intranet.kernel.db import Database
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer, system
from intranet.links.finding import addresses_in, first_page
from intranet.links.looking import Look, look, settle

_LOOK = "chat.link"


def link_up(session: Session, message: Message, *, before: str = "") -> None:
    """Have the worker see what a message links to; ``before`` is its HTML before an edit."""
    found = _outside(message.html)
    if before:  # a new message has no card, and would be written twice for nothing
        if _outside(before) == found:
            return
        message.link_card = message.link_picture = None
    if found:
        jobs.later(session, _LOOK, {"message_id": str(message.id)})


def _outside(html: str) -> list[str]:
    return [address for address in addresses_in(html) if not address.startswith("/")]


def unlink(session: Session, viewer: Viewer, message_id: int) -> None:
    """Take the card below one's own message away, for good.

    Raises:
        NotFound: it is not there for this viewer.
        Refused: it is somebody else's.
    """
    message = find_message(session, message_id)
    require(ChatPermission.EDIT, viewer, message, membership_of(session, message.conversation_id, viewer.id))
    message.link_card, message.link_picture = {}, None
    record(session, MessageLinked(message.id, message.audience_id))


def look_for(database: Database, payload: dict[str, Any]) -> Look | None:
    """The slow part: look at the page that the message links to now."""
    settings = runtime().settings
    with database.reading(system(reason="links: what a message links to")) as session:
        message = session.get(Message, int(payload["message_id"]))
        url = first_page(message.html, ours=settings.address) if message is not None and _waits(message) else ""
    return look(database, url) if url and settings.link_cards else None


@jobs.slow_job(_LOOK, look_for)
def bring_card(session: Session, payload: dict[str, Any], seen: Look | None) -> None:
    """Keep what was seen, and show it below the message if the message still links there."""
    pause = settle(session, seen) if seen else None
    if pause is not None:
        jobs.later(session, _LOOK, payload, at=clock.now() + pause)
    message = session.get(Message, int(payload["message_id"]))
    if message is None or seen is None or seen.card is None or not _waits(message):
        return
    if first_page(message.html, ours=runtime().settings.address) != seen.url:
        return
    message.link_card, message.link_picture = seen.card.kept(), seen.card.picture or None
    record(session, MessageLinked(message.id, message.audience_id))


def _waits(message: Message) -> bool:
    return message.deleted_at is None and message.link_card is None


def names_picture(session: Session, sha256: str) -> bool:
    """Whether these bytes are the picture of a message's link."""
    return session.scalar(select(Message.id).where(Message.link_picture == sha256).limit(1)) is not None
