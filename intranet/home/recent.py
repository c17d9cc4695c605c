"""Where somebody was lately, as the browser remembers it: addresses alone, read anew with what they may see now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups.models import Group
from intranet.groups.queries import GroupCard, card_of
from intranet.people.cards import PersonCard, person_cards
from intranet.topics.models import Topic
from intranet.topics.queries import TopicCard, topic_cards

MOST = 6


@dataclass(frozen=True, slots=True)
class Visited:
    """One place: exactly one of the three is there."""

    person: PersonCard | None = None
    group: GroupCard | None = None
    topic: TopicCard | None = None


def visited(session: Session, addresses: Sequence[str]) -> list[Visited]:
    """The places behind addresses such as ``/groups/welding``, in their order, without those that are not there for
    this viewer. Two statements at most for each sort."""
    wanted = [address for address in dict.fromkeys(addresses) if len(address) < 120][: 2 * MOST]
    found: dict[str, Visited] = {}
    if names := _names(wanted, "/people/"):
        people = select(Person.id).where(Person.username.in_(names), Person.deactivated_at.is_(None))
        cards = person_cards(session, session.scalars(people).all())
        found.update({card.url: Visited(person=card) for card in cards.values()})
    if slugs := _names(wanted, "/groups/"):
        groups = map(card_of, session.scalars(select(Group).where(Group.slug.in_(slugs))))
        found.update({card.url: Visited(group=card) for card in groups})
    if slugs := _names(wanted, "/topics/"):
        topics = session.scalars(select(Topic.id).where(Topic.slug.in_(slugs))).all()
        found.update({card.url: Visited(topic=card) for card in topic_cards(session, topics).values()})
    return [found[address] for address in wanted if address in found][:MOST]


def _names(addresses: Sequence[str], prefix: str) -> list[str]:
    return [address.removeprefix(prefix) for address in addresses if address.startswith(prefix)]
