"""Reads of requests, of what they concern, and of the conversation itself while one is approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.chat.inspection.models import LASTS, Decision, Inspection
from intranet.chat.models import ChatMember, Conversation, Message, MessageFile
from intranet.files.models import StoredFile
from intranet.kernel import clock
from intranet.kernel.clock import iso
from intranet.kernel.page import Page, decode_cursor, encode_cursor, page_of
from intranet.people.cards import PersonCard, person_cards, whole

PAGE = 30
STRETCH = 100
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionCard:
    """A request as those see it who may: the administrators, and once it is approved those who are concerned."""

    id: int
    requester: PersonCard
    reason: str
    hours: int
    conversation_id: int | None
    pair: tuple[PersonCard, ...]
    asked_at: datetime
    decision: Decision | None
    decided_by: PersonCard | None
    opened_at: datetime | None
    until: datetime | None

    @property
    def waits(self) -> bool:
        return self.is_undecided and clock.now() < self.asked_at + LASTS

    @property
    def is_undecided(self) -> bool:
        """Nobody decided, and nobody withdrew it: it waits, or was void in the end."""
        return self.decision is None and self.until is None

    @property
    def is_open(self) -> bool:
        return self.decision is Decision.APPROVED and self.until is not None and clock.now() < self.until

    def as_json(self) -> dict[str, Any]:
        """For those who are in the conversation."""
        return {
            "by": self.requester.as_json(),
            "approved_by": self.decided_by.as_json() if self.decided_by else None,
            "reason": self.reason,
            "until": iso(self.until),
        }


def _cards(session: Session, rows: Sequence[Inspection]) -> list[InspectionCard]:
    wanted = {one for row in rows for one in (row.requester_id, row.decided_by_id, *row.pair_ids) if one}
    people = person_cards(session, wanted)
    return [
        InspectionCard(
            id=row.id,
            requester=people[row.requester_id],
            reason=row.reason,
            hours=row.hours,
            conversation_id=row.conversation_id,
            pair=tuple(people[one] for one in row.pair_ids if one in people),
            asked_at=row.asked_at,
            decision=row.decision,
            decided_by=people.get(row.decided_by_id or 0),
            opened_at=row.opened_at,
            until=row.until,
        )
        for row in rows
    ]


def inspections_page(session: Session, *, cursor: str | None = None) -> Page[InspectionCard]:
    """Every request, for administrators, the latest first."""
    found = select(Inspection).order_by(Inspection.id.desc()).limit(PAGE + 1)
    keys = decode_cursor(cursor, size=1)
    if keys is not None:
        found = found.where(Inspection.id < whole(keys[0]))
    page = page_of(list(session.scalars(found)), limit=PAGE, cursor=lambda row: encode_cursor(str(row.id)))
    return Page(_cards(session, page.items), older=page.older)


def inspection_card(session: Session, inspection_id: int) -> InspectionCard | None:
    """One request, if it is there."""
    row = session.get(Inspection, inspection_id)
    return _cards(session, [row])[0] if row is not None else None


def inspections_of(session: Session, conversation_id: int) -> list[InspectionCard]:
    """Who was allowed to read a conversation, and why, for those who are in it; the latest first."""
    approved = (Inspection.conversation_id == conversation_id, Inspection.decision == Decision.APPROVED)
    rows = session.scalars(select(Inspection).where(*approved).order_by(Inspection.decided_at.desc()).limit(PAGE))
    return _cards(session, rows.all())


def concerned(session: Session, conversation_id: int) -> set[int]:
    """Whose words an inspection reads: those who are in the conversation, and those who said something and left."""
    inside = select(ChatMember.person_id).where(ChatMember.conversation_id == conversation_id)
    spoke = select(Message.author_id).where(Message.conversation_id == conversation_id).distinct()
    return {*session.scalars(inside), *session.scalars(spoke)}


@dataclass(frozen=True, slots=True)
class SaidLine:
    """Something said, as an inspection shows it: the words themselves, and of files the names alone. What a message
    passes on is left out: it was said in another conversation, which nobody approved."""

    id: int
    author: PersonCard
    html: str
    created_at: datetime
    is_edited: bool
    is_reply: bool
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What an approved request lets its requester read. ``older`` is the position to go on from."""

    name: str
    people: tuple[PersonCard, ...]
    member_count: int
    lines: tuple[SaidLine, ...]
    older: int | None


def transcript(session: Session, conversation_id: int, *, before: int | None = None) -> Transcript | None:
    """A stretch of a conversation, oldest first, in a session that sees every row; None where there is none.

    What was deleted does not show: who took it away took it from everybody.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        return None
    found = select(Message).where(Message.conversation_id == conversation_id, Message.deleted_at.is_(None))
    if before is not None:
        found = found.where(Message.position < before)
    rows = list(session.scalars(found.order_by(Message.position.desc()).limit(STRETCH + 1)))
    older = rows[STRETCH - 1].position if len(rows) > STRETCH else None
    inside = select(ChatMember.person_id).where(ChatMember.conversation_id == conversation_id)
    named = list(session.scalars(inside.order_by(ChatMember.joined_at, ChatMember.person_id).limit(_MOST_NAMED)))
    rows = rows[:STRETCH][::-1]
    people = person_cards(session, {*named, *(row.author_id for row in rows)})
    files = _file_names(session, [row.id for row in rows])
    lines = tuple(
        SaidLine(
            id=row.id,
            author=people[row.author_id],
            html=row.html,
            created_at=row.created_at,
            is_edited=row.edited_at is not None,
            is_reply=row.root_id is not None,
            files=files.get(row.id, ()),
        )
        for row in rows
    )
    return Transcript(conversation.name, tuple(people[one] for one in named), conversation.member_count, lines, older)


def _file_names(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    if not ids:
        return {}
    hanging = select(MessageFile.message_id, StoredFile.name).join(StoredFile, StoredFile.id == MessageFile.file_id)
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(hanging.where(MessageFile.message_id.in_(ids)).order_by(MessageFile.place))
    for message_id, name in rows:
        found[message_id] = (*found.get(message_id, ()), name)
    return found
