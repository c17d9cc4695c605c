"""What somebody alone looks after, and what their followers are offered."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.articles.finding import kept_by
from intranet.governance.leaving.models import Succession
from intranet.groups.actions.succession import owned_alone
from intranet.groups.models import GroupKind
from intranet.groups.queries import GroupCard, card_of
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.viewer import Role
from intranet.people.cards import PersonCard, person_cards
from intranet.people.models import Follow, FollowKind, Profile
from intranet.people.queries import followed_among

_MOST = 200
_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Estate:
    """What nobody else looks after. ``hidden_groups`` are only counted: who runs the place need not know of them.
    ``articles`` are ids: not everybody who runs the place may read each."""

    groups: tuple[GroupCard, ...]
    hidden_groups: int
    articles: tuple[int, ...]
    reports: tuple[PersonCard, ...]
    roles: tuple[Role, ...]
    followers: int
    proposed: PersonCard | None

    @property
    def is_empty(self) -> bool:
        kept = (self.groups, self.hidden_groups, self.articles, self.reports, self.roles, self.followers)
        return not any(kept)


def estate_of(session: Session, person: Person) -> Estate:
    """What somebody would leave behind; the session must see every group. Some nine statements."""
    groups = owned_alone(session, person.id)
    reports = reports_of(session, person.id)
    followed = select(func.count()).select_from(Follow)
    followed = followed.where(Follow.kind == FollowKind.PERSON, Follow.target_id == person.id)
    people = person_cards(session, reports)
    return Estate(
        groups=tuple(card_of(group) for group in groups if group.kind is not GroupKind.HIDDEN),
        hidden_groups=sum(group.kind is GroupKind.HIDDEN for group in groups),
        articles=tuple(kept_by(session, person.id)),
        reports=tuple(people[one] for one in reports),
        roles=tuple(role for role in lonely_roles(session, person)),
        followers=session.scalar(followed) or 0,
        proposed=_proposed(session, person),
    )


def reports_of(session: Session, person_id: int) -> list[int]:
    """Who reports to somebody and still works here, by name."""
    under = select(Person.id).join(Profile, Profile.person_id == Person.id)
    under = under.where(Profile.manager_id == person_id, Person.deactivated_at.is_(None))
    return list(session.scalars(under.order_by(Person.folded_name, Person.id).limit(_MOST)))


def lonely_roles(session: Session, person: Person) -> list[Role]:
    """The roles that nobody else who works here has; there is always another admin."""
    lonely: list[Role] = []
    for role in (Role.STEWARD, Role.MODERATOR, Role.COMMUNICATOR):
        others = select(Person.id).where(
            cast(Person.roles, String).contains(f'"{role.value}"', autoescape=True),
            Person.deactivated_at.is_(None),
            Person.id != person.id,
        )
        if role in person.roles and session.scalar(others.limit(1)) is None:
            lonely.append(role)
    return lonely


def _proposed(session: Session, person: Person) -> PersonCard | None:
    """Whoever was named before, else the manager, as long as they work here."""
    named = session.get(Succession, person.id)
    profile = session.get(Profile, person.id)
    wanted = named.successor_id if named else profile.manager_id if profile else None
    card = person_cards(session, [wanted]).get(wanted) if wanted else None
    return card if card and not card.has_left else None


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody left; somebody carries on."""

    leaver: PersonCard
    successor: PersonCard


def offers(session: Session, person_id: int) -> list[Offer]:
    """Whom the viewer is offered to follow in place of whom. Three statements, one where there is nothing to offer."""
    rows = _carrying_on().rows(session, {"reader": person_id})
    if not rows:
        return []
    already = followed_among(session, person_id, FollowKind.PERSON, (row.successor_id for row in rows))
    people = person_cards(session, {one for row in rows for one in (row.person_id, row.successor_id)})
    fresh = [row for row in rows if row.successor_id not in already]
    return [Offer(people[row.person_id], people[row.successor_id]) for row in fresh[:_OFFERED]]


@cache
def _carrying_on() -> Prepared:
    """Who carries on for those whom a person follows."""
    reader: Any = bindparam("reader", type_=BigId)
    found = (
        select(Succession.person_id, Succession.successor_id)
        .join(Follow, (Follow.target_id == Succession.person_id) & (Follow.kind == FollowKind.PERSON))
        .join(Person, Person.id == Succession.successor_id)
        .where(Follow.follower_id == reader, Succession.successor_id != reader, Person.deactivated_at.is_(None))
    )
    return Prepared(found.order_by(Succession.named_at.desc()).limit(_OFFERED * 3))
