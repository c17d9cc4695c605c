"""Messages: a stretch of a conversation either way, a thread, and what is pinned or saved."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from intranet.chat.cards import MessageCard
from intranet.chat.models import Message, MessageBookmark, MessageReaction
from intranet.chat.policy import ChatPermission
from intranet.chat.queries.around import Around, look_around
from intranet.kernel.db import KEPT
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page
from intranet.kernel.policy import allows
from intranet.kernel.together import Writing, made_once
from intranet.kernel.viewer import Viewer
from intranet.links.cards import LinkCard

PAGE = 50
_MOST_REPLIES = 500


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a conversation, oldest first. ``older`` and ``newer`` are the positions to go on from, None at an end."""

    items: list[MessageCard]
    older: int | None = None
    newer: int | None = None


def stretch(
    session: Session,
    viewer: Viewer,
    conversation_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    everything: bool = False,
    limit: int = PAGE,
) -> Stretch:
    """Messages before a position, after one, around one, or the newest; ``everything`` includes replies in threads.

    What is deleted keeps its place, so that nothing moves.
    """
    found = select(Message).where(Message.conversation_id == conversation_id)
    if not everything:
        found = found.where(Message.is_shown)
    if after is not None:
        rows, has_newer = _after(session, found, after, limit)
        return _stretch(session, viewer, rows, has_older=after > 0, has_newer=has_newer)
    if around is not None:
        earlier, has_older = _before(session, found, around, limit // 2)
        later, has_newer = _after(session, found, around - 1, limit)
        return _stretch(session, viewer, [*earlier, *later], has_older=has_older, has_newer=has_newer)
    rows, has_older = _before(session, found, before, limit)
    return _stretch(session, viewer, rows, has_older=has_older, has_newer=before is not None)


def _before(session: Session, found: "Select[Message]", position: int | None, limit: int) -> tuple[list[Message], bool]:
    if position is not None:
        found = found.where(Message.position < position)
    rows = list(session.scalars(found.order_by(Message.position.desc()).limit(limit + 1)))
    return rows[:limit][::-1], len(rows) > limit


def _after(session: Session, found: "Select[Message]", position: int, limit: int) -> tuple[list[Message], bool]:
    rows = list(session.scalars(found.where(Message.position > position).order_by(Message.position).limit(limit + 1)))
    return rows[:limit], len(rows) > limit


def _stretch(session: Session, viewer: Viewer, rows: list[Message], *, has_older: bool, has_newer: bool) -> Stretch:
    return Stretch(
        message_cards(session, viewer, rows),
        older=rows[0].position if rows and has_older else None,
        newer=rows[-1].position if rows and has_newer else None,
    )


def message_card(session: Session, viewer: Viewer, message_id: int) -> MessageCard:
    """One message; a deleted one shows only that it was there.

    Raises:
        NotFound: there is no such message for this viewer.
    """
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound
    return message_cards(session, viewer, [message])[0]


def cards_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[MessageCard]:
    """Messages by their ids, those that the viewer may read."""
    if not ids:
        return []
    rows = session.scalars(_by_ids(session), {"ids": list(ids)}).all()
    return message_cards(session, viewer, rows)


@made_once
def _by_ids(writing: Writing) -> "Select[Message]":
    return select(Message).where(Message.id.in_(writing.among("ids"))).execution_options(**{KEPT: True})


def first_said_since(session: Session, conversation_id: int, last_position: int, moment: datetime) -> int | None:
    """The first message that the conversation shows from a moment on; None where nothing was said since.

    Later positions are later in time, so that halving finds the place without an index on time that every send pays.
    """

    def when(position: int) -> datetime:
        later = select(Message.created_at).where(Message.conversation_id == conversation_id)
        found = later.where(Message.position >= position).order_by(Message.position).limit(1)
        return session.scalar(found) or moment

    position = bisect_left(range(1, last_position + 1), moment, key=when) + 1
    shown = select(Message.id).where(Message.conversation_id == conversation_id, Message.is_shown)
    return session.scalar(shown.where(Message.position >= position).order_by(Message.position).limit(1))


def thread_cards(session: Session, viewer: Viewer, root_id: int) -> list[MessageCard]:
    """The replies of a thread, oldest first; of a very long one the latest."""
    replies = select(Message).where(Message.root_id == root_id).order_by(Message.position.desc())
    return message_cards(session, viewer, list(session.scalars(replies.limit(_MOST_REPLIES)))[::-1])


def pinned(session: Session, viewer: Viewer, conversation_id: int) -> list[MessageCard]:
    """What is kept in sight in a conversation, the newest pin first."""
    kept = select(Message).where(Message.conversation_id == conversation_id, Message.pinned_at.is_not(None))
    return message_cards(session, viewer, list(session.scalars(kept.order_by(Message.pinned_at.desc()).limit(PAGE))))


def bookmarked_page(session: Session, viewer: Viewer, *, before: int | None = None) -> Page[MessageCard]:
    """Messages that the viewer saved and may still read, the last saved first."""
    saved = (
        select(MessageBookmark.id, Message)
        .join(Message, Message.id == MessageBookmark.message_id)
        .where(MessageBookmark.person_id == viewer.member_id, Message.deleted_at.is_(None))
    )
    if before is not None:
        saved = saved.where(MessageBookmark.id < before)
    rows = session.execute(saved.order_by(MessageBookmark.id.desc()).limit(PAGE + 1)).all()
    older = str(rows[PAGE - 1][0]) if len(rows) > PAGE else None
    return Page(message_cards(session, viewer, [message for _id, message in rows[:PAGE]]), older=older)


def fresh_card(session: Session, viewer: Viewer, message: Message) -> MessageCard:
    """What was said in this very transaction, as anybody who reads it sees it."""
    return _card(viewer, message, look_around(session, viewer, [message], are_new=True))


def message_cards(session: Session, viewer: Viewer, rows: Sequence[Message]) -> list[MessageCard]:
    """Cards in the order of the rows. A fixed number of statements, however many."""
    if not rows:
        return []
    around = look_around(session, viewer, rows)
    return [_card(viewer, row, around) for row in rows]


def _card(viewer: Viewer, row: Message, around: Around) -> MessageCard:
    is_deleted, place = row.deleted_at is not None, around.places.get(row.conversation_id)
    mentions = around.mentions.get(row.id, ())
    return MessageCard(
        id=row.id,
        conversation_id=row.conversation_id,
        position=row.position,
        author=around.people[row.author_id],
        nonce=row.nonce,
        text="" if is_deleted else row.text,
        html="" if is_deleted else row.html,
        created_at=row.created_at,
        edited_at=row.edited_at,
        is_deleted=is_deleted,
        root_id=row.root_id,
        is_shown=row.is_shown,
        calls=None if is_deleted else row.calls,
        is_pinned=row.pinned_at is not None,
        mentions=() if row.calls == "room" else mentions,
        reactions=around.reactions.get(row.id, ()),
        files=around.files.get(row.id, ()),
        replies=around.replies.get(row.id),
        forwarded=around.forwarded.get(row.id),
        link=LinkCard.of(row.link_card) if not is_deleted else None,
        requests=around.requests.get(row.id, ()),
        is_bookmarked=row.id in around.saved,
        names_me=viewer.id in mentions,
        can_edit=not is_deleted and allows(ChatPermission.EDIT, viewer, row, place),
        can_delete=not is_deleted and allows(ChatPermission.DELETE, viewer, row, place),
        can_restore=is_deleted and not row.is_erased and allows(ChatPermission.RESTORE, viewer, row, place),
    )


def reaction_counts(session: Session, message_id: int) -> dict[str, int]:
    """How many reacted in each way."""
    counted = select(MessageReaction.kind, func.count()).where(MessageReaction.message_id == message_id)
    return {row[0].value: row[1] for row in session.execute(counted.group_by(MessageReaction.kind))}
