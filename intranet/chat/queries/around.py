"""What message cards need beside the messages: one statement for most of it, made once and kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.asking.queries import RequestCard, request_cards, requests_select
from intranet.chat.cards import Forwarded, Replies
from intranet.chat.forwarding.models import ForwardedWords
from intranet.chat.models import ChatMember, Message, MessageBookmark, MessageFile, MessageMention, MessageReaction
from intranet.files.models import StoredFile
from intranet.files.queries import FileCard
from intranet.files.queries import card_of as file_card
from intranet.kernel.reactions import ReactionCount, ReactionKind
from intranet.kernel.tables import BigId
from intranet.kernel.together import Rows, Several, Writing, made_once
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, cards_select, person_cards
from intranet.people.cards import card_of as person_card

_FACES = 3
_ORDER = list(ReactionKind)


@dataclass(frozen=True, slots=True)
class Around:
    """By message, person or conversation; ``places`` are the viewer's own memberships."""

    people: dict[int, PersonCard]
    reactions: dict[int, tuple[ReactionCount, ...]]
    files: dict[int, tuple[FileCard, ...]]
    mentions: dict[int, tuple[int, ...]]
    replies: dict[int, Replies]
    forwarded: dict[int, Forwarded]
    saved: frozenset[int]
    requests: dict[int, tuple[RequestCard, ...]]
    places: dict[int, ChatMember]


def look_around(session: Session, viewer: Viewer, rows: Sequence[Message], *, are_new: bool = False) -> Around:
    """For these messages. One statement, and a few more where threads hang on them or something is passed on.

    On messages of this very transaction (``are_new``) nobody can have reacted, answered or saved: nobody is asked.
    """
    found = _statement(session, are_new).read(
        session,
        {
            "viewer_id": viewer.id or 0,
            "ids": [row.id for row in rows if row.deleted_at is None],
            "roots": [row.id for row in rows if row.root_id is None],
            "authors": list({row.author_id for row in rows}),
            "conversations": list({row.conversation_id for row in rows}),
        },
    )
    return Around(
        people={row.id: person_card(row) for row in found["people"]},
        reactions=_reactions(found.get("reactions", ())),
        files=_by_message((row.message_id, row.place, file_card(row)) for row in found["files"]),
        mentions=_by_message((row.message_id, row.person_id, row.person_id) for row in found["mentions"]),
        replies=_replies(session, found.get("replies", ())),
        forwarded=_forwarded(session, rows),
        saved=frozenset(row.message_id for row in found.get("saved", ())),
        requests=request_cards(session, viewer, found.get("requests", ())),
        places={row.conversation_id: row for row in found.get("places", ())},
    )


@made_once
def _statement(writing: Writing, are_new: bool) -> Several:
    viewer_id: Any = bindparam("viewer_id", type_=BigId)
    ids, roots, authors, conversations = map(writing.among, ("ids", "roots", "authors", "conversations"))
    parts: dict[str, Rows] = {
        "people": cards_select().where(Person.id.in_(authors)),
        "files": select(MessageFile.message_id, MessageFile.place, StoredFile)
        .join(StoredFile, StoredFile.id == MessageFile.file_id)
        .where(MessageFile.message_id.in_(ids)),
        "mentions": select(MessageMention.message_id, MessageMention.person_id).where(
            MessageMention.message_id.in_(ids)
        ),
    }
    if are_new:
        return writing.several(parts)
    # MAX over 0 and 1 rather than BOOL_OR, which SQLite does not have.
    mine = func.max(case((MessageReaction.person_id == viewer_id, 1), else_=0)).label("is_mine")
    parts |= {
        "reactions": select(MessageReaction.message_id, MessageReaction.kind, func.count().label("number"), mine)
        .where(MessageReaction.message_id.in_(ids))
        .group_by(MessageReaction.message_id, MessageReaction.kind),
        "replies": select(Message.root_id, func.count().label("number"), func.max(Message.created_at).label("last_at"))
        .where(Message.root_id.in_(roots), Message.deleted_at.is_(None))
        .group_by(Message.root_id),
        "saved": select(MessageBookmark.message_id).where(
            MessageBookmark.person_id == viewer_id, MessageBookmark.message_id.in_(ids)
        ),
        "requests": requests_select(viewer_id, ids),
        "places": select(ChatMember).where(
            ChatMember.person_id == viewer_id, ChatMember.conversation_id.in_(conversations)
        ),
    }
    return writing.several(parts)


def _by_message(rows: Iterable[tuple[int, Any, Any]]) -> dict[int, tuple[Any, ...]]:
    """From (message, place, what): what each message has, in the order of the places."""
    found: dict[int, list[Any]] = {}
    for message_id, _place, what in sorted(rows, key=lambda row: row[:2]):
        found.setdefault(message_id, []).append(what)
    return {message_id: tuple(everything) for message_id, everything in found.items()}


def _reactions(rows: Iterable[Any]) -> dict[int, tuple[ReactionCount, ...]]:
    return _by_message(
        (row.message_id, _ORDER.index(row.kind), ReactionCount(row.kind, row.number, bool(row.is_mine))) for row in rows
    )


def _replies(session: Session, rows: Sequence[Any]) -> dict[int, Replies]:
    if not rows:
        return {}
    spoke: dict[int, list[int]] = {}
    authors = (
        select(Message.root_id, Message.author_id)
        .where(Message.root_id.in_([row.root_id for row in rows]), Message.deleted_at.is_(None))
        .group_by(Message.root_id, Message.author_id)
        .order_by(func.max(Message.id).desc())
    )
    for root_id, author_id in session.execute(authors):
        spoke.setdefault(root_id or 0, []).append(author_id)
    few = {root_id: people[:_FACES] for root_id, people in spoke.items()}
    cards = person_cards(session, {one for people in few.values() for one in people})
    return {
        row.root_id: Replies(row.number, row.last_at, tuple(cards[one] for one in few[row.root_id])) for row in rows
    }


def _forwarded(session: Session, rows: Iterable[Message]) -> dict[int, Forwarded]:
    """By the message that passes it on. The session's filter decides who learns where it was said."""
    ids = [row.id for row in rows if row.forwarded_id is not None and row.deleted_at is None]
    if not ids:
        return {}
    words = session.scalars(select(ForwardedWords).where(ForwardedWords.message_id.in_(ids))).all()
    sources = [row.source_id for row in words]
    there = set(session.scalars(select(Message.id).where(Message.id.in_(sources), Message.deleted_at.is_(None))))
    people = person_cards(session, (row.author_id for row in words))
    return {
        row.message_id: Forwarded(people[row.author_id], row.html, row.source_id if row.source_id in there else 0)
        for row in words
    }
