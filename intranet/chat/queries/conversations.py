"""Conversations: one, the viewer's own, and the public rooms."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from intranet.chat.cards import ConversationCard
from intranet.chat.models import ChatMember, Conversation, ConversationKind
from intranet.chat.queries.unread import places
from intranet.groups.queries import group_cards
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page, decode_cursor, encode_cursor, moment_of
from intranet.kernel.text import fold
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, person_cards, whole

PAGE = 50
_MOST_LISTED = 500


def conversation_cards(
    session: Session, viewer: Viewer, ids: Iterable[int], *, with_place: bool = True
) -> dict[int, ConversationCard]:
    """Cards by id, of those that the viewer may know of. A fixed number of statements."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.scalars(select(Conversation).where(Conversation.id.in_(wanted))).all()
    return {card.id: card for card in _cards(session, viewer, rows, with_place=with_place)}


def conversation_card(session: Session, viewer: Viewer, conversation_id: int) -> ConversationCard:
    """One card.

    Raises:
        NotFound: there is no such conversation for this viewer.
    """
    found = conversation_cards(session, viewer, [conversation_id]).get(conversation_id)
    if found is None:
        raise NotFound
    return found


def _cards(
    session: Session, viewer: Viewer, rows: Sequence[Conversation], *, with_place: bool
) -> list[ConversationCard]:
    groups = group_cards(session, {row.group_id for row in rows if row.group_id is not None})
    people = _people(session, [row.id for row in rows if row.kind is not ConversationKind.ROOM])
    cards = [
        ConversationCard(
            id=row.id,
            kind=row.kind,
            name=row.name,
            topic=row.topic,
            is_public=row.is_public,
            group=groups.get(row.group_id or 0),
            member_count=row.member_count,
            last_position=row.last_position,
            is_archived=row.archived_at is not None,
            created_at=row.created_at,
            spoken_at=row.spoken_at,
            people=people.get(row.id, ()),
        )
        for row in rows
    ]
    if not with_place:
        return cards
    mine = places(session, viewer, [card.id for card in cards])
    return [replace(card, place=mine.get(card.id)) for card in cards]


def _people(session: Session, ids: Sequence[int]) -> dict[int, tuple[PersonCard, ...]]:
    if not ids:
        return {}
    inside = select(ChatMember.conversation_id, ChatMember.person_id).where(ChatMember.conversation_id.in_(ids))
    rows = session.execute(inside.order_by(ChatMember.joined_at, ChatMember.person_id)).all()
    cards = person_cards(session, {row.person_id for row in rows})
    found: dict[int, tuple[PersonCard, ...]] = {}
    for conversation_id, person_id in rows:
        found[conversation_id] = (*found.get(conversation_id, ()), cards[person_id])
    return found


def direct_with(session: Session, viewer: Viewer, person_id: int) -> int | None:
    """The conversation of the viewer and one colleague, if they have written to each other."""
    low, high = sorted((viewer.member_id, person_id))
    return session.scalar(select(Conversation.id).where(Conversation.pair == f"{low}:{high}"))


def my_conversations(session: Session, viewer: Viewer) -> list[ConversationCard]:
    """Everything the viewer is in: what has something new first, then by the last word. Archived ones last."""
    inside = select(ChatMember.conversation_id).where(ChatMember.person_id == viewer.member_id)
    mine = select(Conversation).where(Conversation.id.in_(inside)).order_by(Conversation.spoken_at.desc())
    rows = session.scalars(mine.limit(_MOST_LISTED)).all()
    cards = _cards(session, viewer, rows, with_place=True)
    return sorted(cards, key=_waiting_first)


def _waiting_first(card: ConversationCard) -> tuple[bool, bool, float]:
    has_new = card.place is not None and card.place.unread > 0 and not card.place.is_muted
    return card.is_archived, not has_new, -card.spoken_at.timestamp()


def conversations_page(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = PAGE
) -> Page[ConversationCard]:
    """The viewer's conversations by the last word, for programs."""
    inside = select(ChatMember.conversation_id).where(ChatMember.person_id == viewer.member_id)
    found = select(Conversation).where(Conversation.id.in_(inside))
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        found = found.where(tuple_(Conversation.spoken_at, Conversation.id) < (moment_of(keys[0]), whole(keys[1])))
    ordered = found.order_by(Conversation.spoken_at.desc(), Conversation.id.desc())
    rows = session.scalars(ordered.limit(limit + 1)).all()
    end = rows[limit - 1] if len(rows) > limit else None
    older = encode_cursor(end.spoken_at.isoformat(), str(end.id)) if end else None
    return Page(_cards(session, viewer, rows[:limit], with_place=True), older=older)


def directory_page(
    session: Session, viewer: Viewer, *, words: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[ConversationCard]:
    """Rooms that the viewer may know of, by name: the public ones, and the private ones they are in."""
    found = select(Conversation).where(Conversation.kind == ConversationKind.ROOM, Conversation.archived_at.is_(None))
    for word in fold(words).split()[:8]:
        found = found.where(Conversation.folded_name.contains(word, autoescape=True))
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        found = found.where(tuple_(Conversation.folded_name, Conversation.id) > (str(keys[0]), whole(keys[1])))
    rows = session.scalars(found.order_by(Conversation.folded_name, Conversation.id).limit(limit + 1)).all()
    end = rows[limit - 1] if len(rows) > limit else None
    older = encode_cursor(end.folded_name, str(end.id)) if end else None
    return Page(_cards(session, viewer, rows[:limit], with_place=True), older=older)


def rooms_starting(session: Session, viewer: Viewer, prefix: str, limit: int = 5) -> list[ConversationCard]:
    """Rooms whose name, or a word of it, begins with ``prefix``; the last spoken in first."""
    start = fold(" ".join(prefix.split()).lstrip("#"))
    name = Conversation.folded_name
    named = or_(
        name.startswith(start, autoescape=True),
        *(name.contains(f"{gap}{start}", autoescape=True) for gap in (" ", "-", "_")),
    )
    rooms = (Conversation.kind == ConversationKind.ROOM, Conversation.archived_at.is_(None), named)
    found = select(Conversation).where(*rooms).order_by(Conversation.spoken_at.desc(), Conversation.id)
    return _cards(session, viewer, session.scalars(found.limit(limit)).all(), with_place=False)
