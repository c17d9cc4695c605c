"""Who is in a conversation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.chat.models import ChatMember, ChatRole
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.people.cards import PersonCard, person_cards, whole

PAGE = 100


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member in the list."""

    person: PersonCard
    role: ChatRole
    joined_at: datetime


def members_page(
    session: Session, conversation_id: int, *, cursor: str | None = None, limit: int = PAGE
) -> Page[MemberLine]:
    """Members by name; those who have left the company are left out. Two statements."""
    found = (
        select(ChatMember, Person.folded_name)
        .join(Person, Person.id == ChatMember.person_id)
        .where(ChatMember.conversation_id == conversation_id, Person.deactivated_at.is_(None))
    )
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        name, person_id = str(keys[0]), whole(keys[1])
        later = (Person.folded_name == name) & (Person.id > person_id)
        found = found.where((Person.folded_name > name) | later)
    rows = session.execute(found.order_by(Person.folded_name, Person.id).limit(limit + 1)).all()
    people = person_cards(session, (row[0].person_id for row in rows))
    older = encode_cursor(rows[limit - 1][1], str(rows[limit - 1][0].person_id)) if len(rows) > limit else None
    lines = [MemberLine(people[row.person_id], row.role, row.joined_at) for row, _name in rows[:limit]]
    return Page(lines, older=older)
