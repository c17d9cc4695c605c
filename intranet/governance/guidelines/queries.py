"""Reads of the guidelines: what holds, what held, who agreed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, tuple_
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.accounts.queries import site_setting
from intranet.accounts.sessions import GUIDELINES_IN_FORCE
from intranet.governance.guidelines.models import DRAFT, Acceptance, Guidelines
from intranet.kernel.errors import NotFound
from intranet.kernel.page import Page, decode_cursor, encode_cursor, moment_of, page_of
from intranet.people.cards import PersonCard, person_cards, whole

PAGE = 50
_STRETCH = 500


@dataclass(frozen=True, slots=True)
class Version:
    """A published version; ``accepted`` counts those who agreed and still work here."""

    number: int
    summary: str
    html: str
    published_at: datetime
    by: PersonCard | None
    accepted: int

    def as_json(self) -> dict[str, Any]:
        """The same for everybody."""
        return {
            "version": self.number,
            "summary": self.summary,
            "html": self.html,
            "published_at": self.published_at.isoformat(),
        }


def in_force(session: Session) -> int:
    """The number of the version that holds; 0 before the first."""
    return int(site_setting(session, GUIDELINES_IN_FORCE, 0))


def draft(session: Session) -> Guidelines | None:
    """What is being written and not published."""
    return session.get(Guidelines, DRAFT)


def source(session: Session, number: int) -> str:
    """What a version says, as it was typed."""
    return session.get_one(Guidelines, number).text


def versions(session: Session) -> list[Version]:
    """Every published version, the latest first. Three statements."""
    rows = session.scalars(
        select(Guidelines).where(Guidelines.number > DRAFT).order_by(Guidelines.number.desc()).limit(200)
    ).all()
    counted = (
        select(Acceptance.number, func.count())
        .join(Person, Person.id == Acceptance.person_id)
        .where(Person.deactivated_at.is_(None))
        .group_by(Acceptance.number)
    )
    counts: dict[int, int] = {row[0]: row[1] for row in session.execute(counted)}
    people = person_cards(session, {row.written_by_id for row in rows})
    return [_version(row, people, counts.get(row.number, 0)) for row in rows]


def version(session: Session, number: int) -> Version:
    """One published version.

    Raises:
        NotFound: it was never published.
    """
    row = session.get(Guidelines, number) if number > DRAFT else None
    if row is None:
        raise NotFound
    counted = select(func.count()).select_from(Acceptance).join(Person, Person.id == Acceptance.person_id)
    counted = counted.where(Acceptance.number == number, Person.deactivated_at.is_(None))
    return _version(row, person_cards(session, [row.written_by_id]), session.scalar(counted) or 0)


def _version(row: Guidelines, people: dict[int, PersonCard], accepted: int) -> Version:
    by = people.get(row.written_by_id)
    return Version(row.number, row.summary, row.html, row.written_at, by, accepted)


def accepted_by(session: Session, person_id: int) -> int:
    """The latest version that somebody agreed to; 0 for none."""
    found = select(func.max(Acceptance.number)).where(Acceptance.person_id == person_id)
    return session.scalar(found) or 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody and when they agreed; None where they have not yet."""

    person: PersonCard
    accepted_at: datetime | None


def signatures(session: Session, number: int, *, cursor: str | None) -> Page[Signature]:
    """Who agreed to a version, the latest first. Two statements."""
    key = (Acceptance.accepted_at, Acceptance.person_id)
    found = select(Acceptance).where(Acceptance.number == number).order_by(*(column.desc() for column in key))
    before = decode_cursor(cursor, size=2)
    if before is not None:
        found = found.where(tuple_(*key) < (moment_of(before[0]), whole(before[1])))
    rows = list(session.scalars(found.limit(PAGE + 1)))
    page = page_of(rows, limit=PAGE, cursor=lambda row: encode_cursor(row.accepted_at.isoformat(), str(row.person_id)))
    people = person_cards(session, (row.person_id for row in page.items))
    return Page([Signature(people[row.person_id], row.accepted_at) for row in page.items], older=page.older)


def missing(session: Session, number: int, *, cursor: str | None) -> Page[Signature]:
    """Who works here and has not agreed to a version, by name. Two statements."""
    agreed = select(Acceptance.person_id).where(Acceptance.number == number)
    found = select(Person.id, Person.folded_name).where(Person.deactivated_at.is_(None), Person.id.not_in(agreed))
    after = decode_cursor(cursor, size=2)
    if after is not None:
        found = found.where(tuple_(Person.folded_name, Person.id) > (str(after[0]), whole(after[1])))
    rows = list(session.execute(found.order_by(Person.folded_name, Person.id).limit(PAGE + 1)))
    page = page_of(rows, limit=PAGE, cursor=lambda row: encode_cursor(row.folded_name, str(row.id)))
    people = person_cards(session, (row.id for row in page.items))
    return Page([Signature(people[row.id], None) for row in page.items], older=page.older)


def everybody(session: Session, number: int, after: int) -> list[Row[Any]]:
    """A stretch of all who work here, by id, each with when they agreed to a version, for the table to take away."""
    found = (
        select(Person.id, Person.username, Person.name, Acceptance.accepted_at)
        .outerjoin(Acceptance, (Acceptance.person_id == Person.id) & (Acceptance.number == number))
        .where(Person.id > after, Person.deactivated_at.is_(None) | Acceptance.accepted_at.is_not(None))
    )
    return list(session.execute(found.order_by(Person.id).limit(_STRETCH)))
