"""Where something was written, by name: everyone, and the groups that the viewer may know of.

Features that own audiences add themselves, so that ``in:`` and the counts by place know their names.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from intranet.kernel.audience import EVERYONE


@dataclass(frozen=True, slots=True)
class Place:
    """An audience with a name; ``key`` is what ``in:`` calls it."""

    audience_id: int
    key: str
    name: str


Find = Callable[[Session, str], Sequence[Place]]
Name = Callable[[Session, Iterable[int]], Sequence[Place]]

_finders: list[Find] = []
_namers: list[Name] = []


def add_places(find: Find, name: Name) -> None:
    """Make places known: ``find(session, words)`` those that are called so, ``name(session, audience_ids)`` those with
    these audiences. Both leave out what the session's viewer may not know of."""
    if find not in _finders:
        _finders.append(find)
        _namers.append(name)


def _everyone() -> Place:
    return Place(EVERYONE, "everyone", _("Everyone"))


def places_called(session: Session, words: str) -> list[Place]:
    """The places that ``in:words`` means."""
    if words.casefold() in {"everyone", _("Everyone").casefold()}:
        return [_everyone()]
    return [place for find in _finders for place in find(session, words)]


def places_of(session: Session, audience_ids: Iterable[int]) -> dict[int, Place]:
    """Places by audience, as far as they have a name for this viewer."""
    wanted = set(audience_ids)
    found = {place.audience_id: place for name in _namers for place in name(session, wanted)} if wanted else {}
    return found | ({EVERYONE: _everyone()} if EVERYONE in wanted else {})
