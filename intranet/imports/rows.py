"""One line's object, checked: a row to take in, or the reason why not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from intranet.imports.lines import Bad
from intranet.kernel import clock
from intranet.kernel.text import clean_line, fold

PERSON_KEYS = frozenset(
    "id name username email title department location timezone languages manager skills".split()  # noqa: SIM905 (reads as the documentation does)
)
POST_KEYS = frozenset("id author_id created_at text tag mentions group reply_to".split())  # noqa: SIM905 (reads as the documentation does)
_LONGEST_ID = 120
_LONGEST_TEXT = 100_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SURROGATE = re.compile("[\ud800-\udfff\x00]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``notes`` say what was left out of a row that is otherwise fine."""

    external_id: str
    name: str
    username: str
    email: str
    title: str
    department: str
    location: str
    timezone: str
    languages: tuple[str, ...]
    manager: str
    skills: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as its source tells it; ``text`` to the letter."""

    external_id: str
    author: str
    created_at: datetime
    text: str
    tag: str
    mentions: tuple[str, ...]
    group: str
    reply_to: str


def read_person(value: Mapping[str, Any]) -> PersonRow:
    """A person.

    Raises:
        Bad: there is no id or no name, or a field is not what it must be.
    """
    external_id = _id(value, "id")
    name = _line(value, "name", 200)
    if not name:
        raise Bad("name is missing")
    notes = []
    email, timezone = _line(value, "email", 254).lower(), _line(value, "timezone", 64)
    if email and not _EMAIL.fullmatch(email):
        email = ""
        notes.append("e-mail left out: not an address")
    if timezone and timezone not in clock.zone_names():
        timezone = ""
        notes.append("time zone left out: unknown")
    return PersonRow(
        external_id=external_id,
        name=name,
        username=as_username(_line(value, "username", 64) or external_id),
        email=email,
        title=_line(value, "title", 200),
        department=_line(value, "department", 120),
        location=_line(value, "location", 120),
        timezone=timezone,
        languages=tuple(dict.fromkeys(clean_line(word)[:60] for word in _list(value, "languages"))),
        manager=_id(value, "manager") if value.get("manager") not in (None, "") else "",
        skills=_list(value, "skills"),
        notes=tuple(notes),
    )


def read_post(value: Mapping[str, Any]) -> PostRow:
    """A post.

    Raises:
        Bad: id, author, time or text is missing or is not what it must be.
    """
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Bad("text is missing")
    if len(text) > _LONGEST_TEXT:
        raise Bad(f"text is longer than {_LONGEST_TEXT} characters")
    if _SURROGATE.search(text):
        raise Bad("text holds characters that cannot be stored")
    return PostRow(
        external_id=_id(value, "id"),
        author=_id(value, "author_id"),
        created_at=_moment(value.get("created_at")),
        text=text,
        tag=_line(value, "tag", 80),
        mentions=_ids(value, "mentions"),
        group=_line(value, "group", 200),
        reply_to=_id(value, "reply_to") if value.get("reply_to") not in (None, "") else "",
    )


def as_username(wanted: str) -> str:
    """The nearest name that can stand after an @; ``person`` where nothing of it can."""
    return re.sub(r"[^a-z0-9._-]+", "-", fold(wanted)).strip("-._")[:60].rstrip("-._") or "person"


def _id(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if isinstance(found, str) and found.strip() and len(found) <= _LONGEST_ID and not _SURROGATE.search(found):
        return found.strip()
    raise Bad(f"{key} is missing or is no id")


def _ids(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = value.get(key)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise Bad(f"{key} is no list")
    return tuple(dict.fromkeys(_id({key: one}, key) for one in found))


def _line(value: Mapping[str, Any], key: str, longest: int) -> str:
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str | int | float) or isinstance(found, bool):
        raise Bad(f"{key} is no text")
    return clean_line(str(found))[:longest]


def _list(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = value.get(key)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise Bad(f"{key} is no list of texts")
    return tuple(dict.fromkeys(line for word in found if (line := clean_line(word))))


def _moment(given: object) -> datetime:
    if not isinstance(given, str):
        raise Bad("created_at is missing")
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise Bad("created_at is no ISO 8601 time") from error
    try:
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise Bad("created_at is out of range") from error
    if found < _EPOCH or found.year > 2200:
        raise Bad("created_at is out of range")
    return found
