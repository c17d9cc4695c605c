"""Where something was written, by name: everyone, and the groups that the viewer may know of."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intranet.groups.models import Group
from intranet.groups.queries import groups_starting
from intranet.kernel.audience import EVERYONE
from intranet.kernel.text import fold, slugify

_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Place:
    """An audience with a name; ``url`` is its page, if it has one."""

    audience_id: int
    name: str
    url: str = ""


def _everyone() -> Place:
    return Place(EVERYONE, _("Everyone"))


def places_called(session: Session, words: str) -> list[Place]:
    """The places that ``in:words`` means: the group of that name, or else those whose names begin so."""
    if words.casefold() in {"everyone", _("Everyone").casefold()}:
        return [_everyone()]
    named = select(Group).where(or_(Group.slug == slugify(words), Group.folded_name == fold(words)))
    exact = [_place(group.id, group.name, group.slug) for group in session.scalars(named)]
    return exact or [_place(card.id, card.name, card.slug) for card in groups_starting(session, words, _ALIKE)]


def places_of(session: Session, audience_ids: Iterable[int]) -> dict[int, Place]:
    """Places by audience, as far as they have a name for this viewer."""
    wanted = set(audience_ids)
    found = {EVERYONE: _everyone()} if EVERYONE in wanted else {}
    if others := wanted - {EVERYONE}:
        for group in session.scalars(select(Group).where(Group.id.in_(others))):
            found[group.id] = _place(group.id, group.name, group.slug)
    return found


def _place(audience_id: int, name: str, slug: str) -> Place:
    return Place(audience_id, name, f"/groups/{slug}")
