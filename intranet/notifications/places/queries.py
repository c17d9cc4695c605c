"""What people chose for the places that posts come from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from intranet.groups.queries import group_cards
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.viewer import Viewer
from intranet.notifications.models import Level
from intranet.notifications.places.models import PlaceKind, PlaceWish
from intranet.people.cards import person_cards
from intranet.posts.models import Post, PostTopic
from intranet.topics.queries import topic_cards

MOST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the level that somebody chose for it."""

    kind: PlaceKind
    id: int
    name: str
    url: str
    level: Level


def level_of(session: Session, viewer: Viewer, kind: PlaceKind, target_id: int) -> Level | None:
    """What the viewer chose; None where they said nothing."""
    found = session.get(PlaceWish, (viewer.member_id, kind, target_id))
    return found.level if found is not None else None


def places_of(session: Session, viewer: Viewer) -> list[Place]:
    """All that the viewer chose and may still find, by name. Four statements."""
    mine = select(PlaceWish).where(PlaceWish.person_id == viewer.member_id).limit(MOST)
    levels = {(row.kind, row.target_id): row.level for row in session.scalars(mine)}

    def ids(kind: PlaceKind) -> list[int]:
        return [target_id for found, target_id in levels if found is kind]

    shown: dict[tuple[PlaceKind, int], tuple[str, str]] = {}
    for group_id, group in group_cards(session, ids(PlaceKind.GROUP)).items():
        shown[PlaceKind.GROUP, group_id] = (group.name, group.url)
    for topic_id, topic in topic_cards(session, ids(PlaceKind.TOPIC)).items():
        shown[PlaceKind.TOPIC, topic_id] = (f"#{topic.name}", topic.url)
    for person_id, person in person_cards(session, ids(PlaceKind.PERSON)).items():
        shown[PlaceKind.PERSON, person_id] = (person.name, person.url)
    found = [
        Place(kind, target_id, *shown[kind, target_id], level)
        for (kind, target_id), level in levels.items()
        if (kind, target_id) in shown
    ]
    return sorted(found, key=lambda place: (place.name.casefold(), place.id))


def _chosen_for() -> Prepared:
    """What the next people chose for the places of a post."""
    post_id: Any = bindparam("post_id", type_=BigId)
    topics = select(PostTopic.topic_id).where(PostTopic.item_id == post_id)
    from_here = or_(
        and_(PlaceWish.kind == PlaceKind.GROUP, PlaceWish.target_id == bindparam("group_id", type_=BigId)),
        and_(PlaceWish.kind == PlaceKind.PERSON, PlaceWish.target_id == bindparam("author_id", type_=BigId)),
        and_(PlaceWish.kind == PlaceKind.TOPIC, PlaceWish.target_id.in_(topics)),
    )
    people = select(PlaceWish.person_id).where(from_here, PlaceWish.person_id > bindparam("after", type_=BigId))
    some = people.distinct().order_by(PlaceWish.person_id).limit(bindparam("most"))
    next_people = select(some.subquery().c.person_id)
    return Prepared(select(PlaceWish.person_id, PlaceWish.level).where(from_here, PlaceWish.person_id.in_(next_people)))


_CHOSEN_FOR = _chosen_for()


def who_waits(session: Session, post: Post, *, after: int, limit: int) -> dict[int, Level]:
    """The next people who want to hear of a post from its group, author or topics, and how soon: ``never`` from any of
    them wins, then ``now``. One statement."""
    places = {"post_id": post.id, "group_id": post.audience_id, "author_id": post.author_id}
    chosen: dict[int, set[Level]] = {}
    for row in _CHOSEN_FOR.rows(session, {**places, "after": after, "most": limit}):
        chosen.setdefault(row.person_id, set()).add(row.level)
    order = (Level.NEVER, Level.NOW, Level.TODAY)
    return {person_id: next(level for level in order if level in levels) for person_id, levels in chosen.items()}
