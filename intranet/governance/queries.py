"""Reads for the admin area."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.accounts.factors.queries import secured, with_factor
from intranet.accounts.models import Person
from intranet.governance import wording
from intranet.governance.models import AuditEntry
from intranet.groups.queries import GroupCard, group_cards
from intranet.kernel.errors import Invalid
from intranet.kernel.ids import MAX_ID
from intranet.kernel.page import Page, decode_cursor, encode_cursor, page_of
from intranet.kernel.text import fold
from intranet.people.queries import PersonCard, person_cards

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry, ready to read; None stands for the product itself or nobody."""

    id: int
    happened_at: datetime
    actor: PersonCard | None
    subject: PersonCard | None
    action: str
    facts: tuple[tuple[str, str], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class AdminRow:
    """One person as admins see them."""

    card: PersonCard
    email: str | None
    source: str | None
    roles: tuple[str, ...]
    deactivated_at: datetime | None
    has_factor: bool


def whole(key: object) -> int:
    """A cursor's key that must be an id.

    Raises:
        Invalid: it is something else.
    """
    if isinstance(key, int) and 0 <= key <= MAX_ID:
        return key
    raise Invalid({"cursor": "not a cursor of this list"})


def _facts(facts: dict[str, object], groups: dict[int, GroupCard]) -> tuple[tuple[str, str], ...]:
    """What is said of an entry. Admins too learn the names of those groups alone that they may know of."""
    shown = {name: value for name, value in facts.items() if name in wording.FACTS and value}
    if "group_id" in shown:
        card = groups.get(int(str(shown["group_id"])))
        shown["group_id"] = card.name if card else wording.HIDDEN_GROUP
    return tuple((str(wording.FACTS[name]), wording.fact(name, value)) for name, value in shown.items())


def audit_page(session: Session, *, words: str, action: str, cursor: str | None) -> Page[AuditLine]:
    """The log, newest first. ``words`` finds people by name and username, and actions by their name."""
    found = select(AuditEntry).order_by(AuditEntry.id.desc())
    before = decode_cursor(cursor, size=1)
    if before is not None:
        found = found.where(AuditEntry.id < whole(before[0]))
    if action:
        found = found.where(AuditEntry.action == action)
    if words:
        named = select(Person.id).where(
            or_(Person.folded_name.contains(fold(words), autoescape=True), Person.username == words.lower())
        )
        found = found.where(
            or_(
                AuditEntry.actor_id.in_(named),
                AuditEntry.subject_id.in_(named),
                AuditEntry.action.contains(words.lower(), autoescape=True),
            )
        )
    page = page_of(
        list(session.scalars(found.limit(PAGE + 1))), limit=PAGE, cursor=lambda entry: encode_cursor(entry.id)
    )
    ids = {number for entry in page.items for number in (entry.actor_id, entry.subject_id) if number}
    cards = person_cards(session, ids)
    groups = group_cards(session, (entry.facts["group_id"] for entry in page.items if "group_id" in entry.facts))
    lines = [
        AuditLine(
            id=entry.id,
            happened_at=entry.happened_at,
            actor=cards.get(entry.actor_id or 0),
            subject=cards.get(entry.subject_id or 0),
            action=str(wording.ACTIONS.get(entry.action, entry.action)),
            facts=_facts(entry.facts, groups),
            digest=entry.digest,
        )
        for entry in page.items
    ]
    return Page(lines, older=page.older)


def people_page(session: Session, *, words: str, state: str, cursor: str | None) -> Page[AdminRow]:
    """Everybody by name, those who left too. ``state`` is ``active``, ``left``, ``bare`` for those
    who work here without a second factor, or empty for all."""
    found = select(Person).order_by(Person.folded_name, Person.id)
    after = decode_cursor(cursor, size=2)
    if after is not None:
        name, number = str(after[0]), whole(after[1])
        found = found.where(or_(Person.folded_name > name, (Person.folded_name == name) & (Person.id > number)))
    if words:
        part = fold(words)
        found = found.where(
            or_(
                Person.folded_name.contains(part, autoescape=True),
                Person.username.contains(words.lower(), autoescape=True),
                Person.email.contains(words.lower(), autoescape=True),
            )
        )
    if state == "active":
        found = found.where(Person.deactivated_at.is_(None))
    elif state == "bare":
        found = found.where(Person.deactivated_at.is_(None), Person.id.not_in(secured()))
    elif state == "left":
        found = found.where(Person.deactivated_at.is_not(None))
    page = page_of(
        list(session.scalars(found.limit(PAGE + 1))),
        limit=PAGE,
        cursor=lambda person: encode_cursor(person.folded_name, person.id),
    )
    return Page(_admin_rows(session, page.items), older=page.older)


def _admin_rows(session: Session, people: list[Person]) -> list[AdminRow]:
    cards = person_cards(session, [person.id for person in people])
    having = with_factor(session, cards)
    return [
        AdminRow(
            card=cards[person.id],
            email=person.email,
            source=person.source,
            roles=tuple(person.roles),
            deactivated_at=person.deactivated_at,
            has_factor=person.id in having,
        )
        for person in people
    ]
