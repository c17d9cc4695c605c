"""Reads about people that other features share."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from intranet.accounts.models import Person
from intranet.kernel import apart
from intranet.kernel.db import viewer_of
from intranet.kernel.text import clean_line, fold
from intranet.kernel.together import listing
from intranet.people.cards import PersonCard, Presence, person_cards
from intranet.people.models import Follow, FollowKind, SpokenLanguage

_LAST = "\U0010ffff"  # sorts after every character a name can hold


def begins_with(session: Session, column: "InstrumentedAttribute[str]", start: str) -> "ColumnElement[bool]":
    """A prefix as a range where that uses the index (SQLite compares bytes), else as a pattern."""
    if session.get_bind().dialect.name == "sqlite":
        return column.between(start, start + _LAST)
    return column.startswith(start, autoescape=True)


def following_ids(session: Session, person_id: int, kind: FollowKind) -> frozenset[int]:
    """Ids of everything of a kind that somebody follows."""
    found = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == kind)
    return frozenset(session.scalars(found))


def follower_ids(session: Session, kind: FollowKind, target_id: int) -> frozenset[int]:
    """Ids of all who follow one thing."""
    return frozenset(
        session.scalars(select(Follow.follower_id).where(Follow.kind == kind, Follow.target_id == target_id))
    )


def followed_among(session: Session, person_id: int, kind: FollowKind, ids: Iterable[int]) -> frozenset[int]:
    """Those of ``ids`` that somebody follows, for the buttons of one list."""
    found = select(Follow.target_id).where(Follow.follower_id == person_id, Follow.kind == kind)
    return frozenset(session.scalars(found.where(Follow.target_id.in_(set(ids)))))


def follows(session: Session, person_id: int, kind: FollowKind, target_id: int) -> bool:
    """Whether somebody follows it."""
    return session.get(Follow, (person_id, kind, target_id)) is not None


def follower_count(session: Session, kind: FollowKind, target_id: int) -> int:
    """How many who are still here follow it."""
    counted = select(func.count()).select_from(Follow).join(Person, Person.id == Follow.follower_id)
    here = counted.where(Follow.kind == kind, Follow.target_id == target_id, Person.deactivated_at.is_(None))
    return session.scalar(here) or 0


def people_starting(session: Session, prefix: str, limit: int = 8) -> list[PersonCard]:
    """Colleagues whose name, a part of it, or username begins with ``prefix``; those whose first name does come first.
    Nobody who is blocked, on either side, is offered.

    Index ranges answer the common case; only when they do not fill the list are the other parts of names looked
    through.
    """
    start = fold(" ".join(prefix.split()).lstrip("@"))
    if not start:
        return []
    by_name = begins_with(session, Person.folded_name, start)
    by_username = begins_with(session, Person.username, start)
    blocked = apart.blocked(viewer_of(session).id)
    here = select(Person.id).where(Person.deactivated_at.is_(None), Person.id.not_in(blocked))
    # Each in the order of its own index, so that a letter that thousands of names begin with costs no sorting.
    ids = list(session.scalars(here.where(by_name).order_by(Person.folded_name, Person.id).limit(limit)))
    if len(ids) < limit:
        others = here.where(by_username, Person.id.not_in(ids)).order_by(Person.username)
        ids += session.scalars(others.limit(limit - len(ids)))
    if len(ids) < limit:
        inner = Person.folded_name.contains(f" {start}", autoescape=True)
        more = here.where(inner, Person.id.not_in(ids)).order_by(Person.folded_name, Person.id)
        ids += session.scalars(more.limit(limit - len(ids)))
    cards = person_cards(session, ids)
    return [cards[person_id] for person_id in ids]


def languages_of(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    """Languages by person id, in the order each person gave."""
    found: dict[int, list[str]] = {}
    for row in _LANGUAGES(session, ids=set(ids)):
        found.setdefault(row.person_id, []).append(row.language)
    return found


_LANGUAGES = listing(
    lambda among: (
        select(SpokenLanguage.person_id, SpokenLanguage.language)
        .where(SpokenLanguage.person_id.in_(among("ids")))
        .order_by(SpokenLanguage.person_id, SpokenLanguage.position)
    )
)


def person_by_username(session: Session, username: str) -> Person | None:
    """Somebody by the name in their address, leavers included."""
    return session.scalar(select(Person).where(Person.username == clean_line(username).lower()))


__all__ = [
    "PersonCard",
    "Presence",
    "begins_with",
    "followed_among",
    "follower_count",
    "follower_ids",
    "following_ids",
    "follows",
    "languages_of",
    "people_starting",
    "person_by_username",
    "person_cards",
]
