"""Who is meant: by the ``@words`` of a text, and by the names in a field."""

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel import apart
from intranet.kernel.batches import in_batches
from intranet.kernel.db import viewer_of
from intranet.kernel.errors import Invalid
from intranet.kernel.text import clean_line, clean_text, fold, mentioned_usernames

_CHUNK = 500
_MOST_MENTIONS = 100
_BETWEEN = re.compile(r"[,;\n]|\s+(?=@)")


def people_named(session: Session, usernames: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Of these lower-case usernames the ones that exist and can be named: username -> (id, name). People who block each
    other do not name each other: what stands in the text stays text."""
    wanted, found = sorted(usernames), {}
    if not wanted:
        return {}
    blocked = apart.blocked(viewer_of(session).id)
    for some in in_batches(wanted, _CHUNK):
        can_be = (Person.username.in_(some), Person.id.not_in(blocked))
        rows = session.execute(select(Person.username, Person.id, Person.name).where(*can_be))
        found.update({username: (person_id, name or username) for username, person_id, name in rows})
    return found


def read_text(
    session: Session, text: str, *, longest: int, may_be_empty: bool
) -> tuple[str, dict[str, tuple[int, str]]]:
    """What somebody typed, cleaned, and the people whom it may name as ``people_named`` gives them.

    Raises:
        Invalid: it is empty, too long, or names too many people.
    """
    text = clean_text(text)
    if not text and not may_be_empty:
        raise Invalid({"text": str(_("Write something first."))})
    if len(text) > longest:
        over = len(text) - longest
        raise Invalid(
            {"text": str(_("%(count)s characters too long. Shorten it, or attach it as a file.", count=over))}
        )
    usernames = mentioned_usernames(text)
    if len(usernames) > _MOST_MENTIONS:
        raise Invalid({"text": str(_("Name at most %(count)s people in one text.", count=_MOST_MENTIONS))})
    return text, people_named(session, usernames)


def split_names(typed: str) -> tuple[str, ...]:
    """``"@ewa, Kwame Osei"`` as its parts, without signs and repetitions."""
    parts = (clean_line(part).lstrip("@").strip() for part in _BETWEEN.split(typed))
    return tuple(dict.fromkeys(part for part in parts if part))


def colleagues(session: Session, names: Sequence[str], *, field: str, blocked_too: bool = False) -> list[Person]:
    """The people of these usernames or full names, in this order; whom the viewer and they block is nobody's name,
    unless ``blocked_too``: who asks then decides about them.

    Raises:
        Invalid: one is nobody's, several people's, or of somebody who has left.
    """
    named = _among(session, names, blocked_too=blocked_too)
    found: list[Person] = []
    for name in names:
        wanted = [person for person in named if person.username == name.lower()]
        wanted = wanted or [person for person in named if person.folded_name == fold(name)]
        here = [person for person in wanted if person.deactivated_at is None]
        if not wanted:
            raise Invalid({field: str(_("Nobody here is called “%(name)s”.", name=name))})
        if not here:
            raise Invalid({field: str(_("%(name)s has left the company.", name=wanted[0].name))})
        if len(here) > 1:
            raise Invalid({field: str(_("Several people are called “%(name)s”. Write a username.", name=name))})
        found.append(here[0])
    return list(dict.fromkeys(found))


def _among(session: Session, names: Iterable[str], *, blocked_too: bool) -> Sequence[Person]:
    usernames, whole = {name.lower() for name in names}, {fold(name) for name in names}
    called = select(Person).where(or_(Person.username.in_(usernames), Person.folded_name.in_(whole)))
    if not blocked_too:
        called = called.where(Person.id.not_in(apart.blocked(viewer_of(session).id)))
    return session.scalars(called.order_by(Person.id).limit(200)).all()
