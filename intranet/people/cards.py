"""The card of a person: the least that every list, post and hit shows of somebody."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.accounts.models import Person
from intranet.kernel import clock
from intranet.kernel.api import Id
from intranet.kernel.ids import MAX_ID
from intranet.kernel.page import Page, decode_cursor, encode_cursor
from intranet.kernel.text import clean_line
from intranet.kernel.together import listing
from intranet.people.models import PresenceMark, Profile

PAGE = 50
AROUND = timedelta(minutes=2)
AWAY = timedelta(minutes=30)


NOBODY = 1
"""The person in whose name anonymous items stand; nobody can sign in as them, and no username typed can be theirs."""


class Presence(StrEnum):
    """How reachable somebody is now; the values are those of the design's ``data-state``."""

    AROUND = "around"
    FOCUSING = "focusing"
    AWAY = "away"
    GONE = "gone"


class PersonJson(TypedDict):
    """Who wrote something, in lists and pushes; ``people.schemas`` tells more."""

    id: Id
    username: str
    name: str
    initials: str
    hue: int
    photo_url: str | None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """``photo_url`` is None where the initials are drawn on a disc of ``hue`` degrees; a status that ended is empty."""

    id: int
    username: str
    name: str
    initials: str
    hue: int
    photo_url: str | None
    title: str
    department: str
    location: str
    timezone: str
    presence: Presence
    status_emoji: str
    status: str
    working_place: str
    has_left: bool
    working_place_until: datetime | None = None

    @property
    def url(self) -> str:
        return f"/people/{self.username}"

    @property
    def role(self) -> str:
        """Title and department on one line; a title that names its department stands alone."""
        parts = [self.title] if self.department and self.department in self.title else [self.title, self.department]
        return ", ".join(part for part in parts if part)

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def as_json(self) -> PersonJson:
        """The same for everybody."""
        return {
            "id": str(self.id),
            "username": self.username,
            "name": self.name,
            "initials": self.initials,
            "hue": self.hue,
            "photo_url": self.photo_url,
        }


def shown_name(name: str, person_id: int = 0) -> str:
    """What somebody is called; one who was deleted has no name, and is called so in the language of the page, as is
    nobody."""
    if person_id == NOBODY:
        return str(_("Anonymous"))
    return name or str(_("Former colleague"))


def initials_of(name: str) -> str:
    """First letters of the first and the last word; of a single word its first letter."""
    words = [word for word in name.split() if word[:1].isalnum()] or name.split()
    picked = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in picked).upper()


def hue_of(username: str) -> int:
    """The colour of somebody's drawn initials, the same on every page and every day."""
    return zlib.crc32(username.encode()) % 360


def photo_url(key: str | None, *, large: bool = False) -> str | None:
    """Where a stored photo is served; None without one."""
    return f"/photos/{key}/{'large' if large else 'small'}" if key else None


CARD_COLUMNS: tuple[Any, ...] = (
    Person.id,
    Person.username,
    Person.name,
    Person.deactivated_at,
    Profile.title,
    Profile.department,
    Profile.location,
    Profile.timezone,
    Profile.photo_key,
    Profile.status_emoji,
    Profile.status_text,
    Profile.status_ends_at,
    Profile.working_place,
    Profile.working_place_ends_at,
    Profile.focusing_until,
    PresenceMark.seen_at,
)


def cards_select() -> "Select[Any]":
    """The statement whose rows ``card_of`` reads; callers add their own ``where``, order and limit."""
    columns: Select[Any] = select(*CARD_COLUMNS)
    with_profile = columns.select_from(Person).outerjoin(Profile, Profile.person_id == Person.id)
    return with_profile.outerjoin(PresenceMark, PresenceMark.person_id == Person.id)


_CARDS = listing(lambda among: cards_select().where(Person.id.in_(among("ids"))))


def card_of(row: "Row[Any]") -> PersonCard:
    """One row of ``cards_select`` as a card."""
    has_left = row.deactivated_at is not None
    name = shown_name(row.name, row.id)
    is_on = _lasts(row.status_ends_at)
    return PersonCard(
        id=row.id,
        username=row.username,
        name=name,
        initials=initials_of(name if row.id == NOBODY else row.name),
        hue=hue_of(row.username),
        photo_url=photo_url(row.photo_key),
        title=row.title or "",
        department=row.department or "",
        location=row.location or "",
        timezone=row.timezone or "",
        presence=Presence.GONE if has_left else presence_of(row.seen_at, row.focusing_until),
        status_emoji=(row.status_emoji or "") if is_on else "",
        status=(row.status_text or "") if is_on else "",
        working_place=(row.working_place or "") if _lasts(row.working_place_ends_at) else "",
        has_left=has_left,
        working_place_until=row.working_place_ends_at if _lasts(row.working_place_ends_at) else None,
    )


def _lasts(end: datetime | None) -> bool:
    return end is None or end > clock.now()


def presence_of(seen_at: datetime | None, focusing_until: datetime | None = None) -> Presence:
    """Presence from the last mark; focusing counts only for somebody who is here."""
    if seen_at is None:
        return Presence.GONE
    since = clock.now() - seen_at
    if since > AWAY:
        return Presence.GONE
    if focusing_until is not None and focusing_until > clock.now():
        return Presence.FOCUSING
    return Presence.AROUND if since <= AROUND else Presence.AWAY


def person_cards(session: Session, ids: Iterable[int]) -> dict[int, PersonCard]:
    """Cards by person id, in one statement; leavers are included and marked, unknown ids are missing."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {row.id: card_of(row) for row in _CARDS(session, ids=wanted)}


def whole(key: object) -> int:
    """A whole number from a cursor that anybody may have written; 0 for anything else."""
    fits = isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 20
    return min(int(str(key)), MAX_ID) if fits else 0


def page_by_name(
    session: Session, statement: "Select[Any]", *, cursor: str | None = None, limit: int = PAGE
) -> Page[PersonCard]:
    """One page of a ``cards_select`` in the order of names. One statement."""
    keys = decode_cursor(cursor, size=2)
    if keys is not None:
        last = (clean_line(str(keys[0])), whole(keys[1]))
        statement = statement.where(tuple_(Person.folded_name, Person.id) > last)
    ordered = statement.add_columns(Person.folded_name).order_by(Person.folded_name, Person.id)
    rows = session.execute(ordered.limit(limit + 1)).all()
    end = rows[limit - 1] if len(rows) > limit else None
    older = encode_cursor(end.folded_name, str(end.id)) if end else None
    return Page([card_of(row) for row in rows[:limit]], older=older)
