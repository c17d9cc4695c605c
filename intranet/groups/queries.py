"""Reads of groups. The session's own filter keeps out what the viewer may not know of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from intranet.groups.models import Group, GroupKind, GroupMember, GroupRole, Invitation, JoinRequest
from intranet.kernel.api import Id
from intranet.kernel.audience import Audience, Membership
from intranet.kernel.errors import Invalid
from intranet.kernel.page import Page, decode_cursor, encode_cursor, moment_of
from intranet.kernel.prepared import Prepared
from intranet.kernel.tables import BigId
from intranet.kernel.text import fold
from intranet.kernel.together import Rows
from intranet.kernel.viewer import Viewer
from intranet.people.cards import PersonCard, hue_of, initials_of, person_cards, whole

PAGE = 24
_FACES = 5
_MOST_LISTED = 200
_PERSON: Any = bindparam("person", type_=BigId)


class GroupJson(TypedDict):
    """A group; ``members`` is how many."""

    id: Id
    name: str
    kind: GroupKind
    about: str
    members: int
    archived: bool
    url: str


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group as other pages show it."""

    id: int
    slug: str
    name: str
    kind: GroupKind
    about: str
    member_count: int
    is_archived: bool

    @property
    def url(self) -> str:
        return f"/groups/{self.slug}"

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def hue(self) -> int:
        return hue_of(self.slug)

    def as_json(self) -> GroupJson:
        """The same for everybody who may know of it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "kind": self.kind,
            "about": self.about,
            "members": self.member_count,
            "archived": self.is_archived,
            "url": self.url,
        }


def card_of(group: Group | Row[Any]) -> GroupCard:
    """A row as a card."""
    return GroupCard(
        group.id, group.slug, group.name, group.kind, group.about, group.member_count, group.archived_at is not None
    )


def group_cards(session: Session, ids: Iterable[int]) -> dict[int, GroupCard]:
    """Cards by id, of those that the viewer may know of. One statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {group.id: card_of(group) for group in session.scalars(select(Group).where(Group.id.in_(wanted)))}


def is_archived(session: Session, group_id: int) -> bool:
    """Whether it is a group, known to the viewer, in which nothing new is said."""
    return _archived().scalar(session, {"group": group_id}) is not None


@cache
def _archived() -> Prepared:
    found: Rows = select(Group.id).where(Group.id == bindparam("group", type_=BigId), Group.archived_at.is_not(None))
    return Prepared(found)


def standing_in(session: Session, audience_id: int, person_id: int | None) -> Any:
    """What an audience is and somebody in it: ``kind``, ``person_id`` for who is inside, ``archived_at`` for a group
    that is closed for good, as far as the viewer may know; None for no audience."""
    return _standing().first(session, {"audience": audience_id, "person": person_id})


@cache
def _standing() -> Prepared:
    person_id = bindparam("person", type_=BigId)
    is_inside = and_(Membership.audience_id == Audience.id, Membership.person_id == person_id)
    found: Rows = select(Audience.kind, Membership.person_id, Group.archived_at).outerjoin(Membership, is_inside)
    there = found.outerjoin(Group, Group.id == Audience.id)
    return Prepared(there.where(Audience.id == bindparam("audience", type_=BigId)))


def groups_of(session: Session, person_id: int, *, limit: int = _MOST_LISTED) -> list[GroupCard]:
    """The groups somebody is in, by name, as far as the viewer may know; archived ones are left out."""
    return [card_of(row) for row in _joined().rows(session, {"person": person_id, "most": limit})]


@cache
def _joined() -> Prepared:
    columns = Group.id, Group.slug, Group.name, Group.kind, Group.about, Group.member_count, Group.archived_at
    mine: Rows = select(*columns).join(GroupMember, GroupMember.group_id == Group.id)
    mine = mine.where(GroupMember.person_id == _PERSON, Group.archived_at.is_(None))
    return Prepared(mine.order_by(Group.folded_name, Group.id).limit(bindparam("most", type_=BigId)))


def group_ids_of(session: Session, person_id: int) -> frozenset[int]:
    """Ids of every group that somebody is in, as far as the viewer may know."""
    return frozenset(session.scalars(select(GroupMember.group_id).where(GroupMember.person_id == person_id)))


def groups_starting(session: Session, prefix: str, limit: int = 8) -> list[GroupCard]:
    """Groups whose name, or a word of it, begins with ``prefix``, the largest first."""
    start = fold(" ".join(prefix.split()))
    if not start:
        return []
    named = or_(
        Group.folded_name.startswith(start, autoescape=True), Group.folded_name.contains(f" {start}", autoescape=True)
    )
    found = select(Group).where(named, Group.archived_at.is_(None)).order_by(Group.member_count.desc(), Group.id)
    return [card_of(group) for group in session.scalars(found.limit(limit))]


def keeps_a_group(session: Session, viewer: Viewer) -> bool:
    """Whether the viewer owns any group."""
    return _owned().scalar(session, {"person": viewer.id or 0}) is not None


@cache
def _owned() -> Prepared:
    owning = GroupMember.person_id == _PERSON, GroupMember.role == GroupRole.OWNER
    return Prepared(select(GroupMember.group_id).where(*owning).limit(1))


def roles_in(session: Session, viewer: Viewer, ids: Iterable[int]) -> dict[int, GroupRole]:
    """The viewer's role in those of the groups that they are in."""
    mine = select(GroupMember.group_id, GroupMember.role).where(GroupMember.person_id == viewer.member_id)
    return {row.group_id: row.role for row in session.execute(mine.where(GroupMember.group_id.in_(set(ids))))}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member in the list of a group."""

    person: PersonCard
    role: GroupRole
    joined_at: datetime


def members_page(session: Session, group_id: int, *, cursor: str | None = None, limit: int = PAGE) -> Page[MemberLine]:
    """Members whom the viewer may know of, owners first, then in the order they came. Two statements."""
    # "owner" sorts after "member": descending puts owners first.
    order = (GroupMember.role.desc(), GroupMember.joined_at, GroupMember.person_id)
    found = select(GroupMember).where(GroupMember.group_id == group_id)
    keys = decode_cursor(cursor, size=3)
    if keys is not None:
        role, joined, person = _member_key(keys)
        later = tuple_(GroupMember.joined_at, GroupMember.person_id) > (joined, person)
        same = (GroupMember.role == role) & later
        found = found.where(same | (GroupMember.role < role))
    rows = list(session.scalars(found.order_by(*order).limit(limit + 1)))
    people = person_cards(session, (row.person_id for row in rows))
    shown = rows[:limit]
    end = shown[-1] if len(rows) > limit else None
    older = encode_cursor(end.role.value, end.joined_at.isoformat(), str(end.person_id)) if end else None
    return Page([MemberLine(people[row.person_id], row.role, row.joined_at) for row in shown], older=older)


def _member_key(keys: list[Any]) -> tuple[GroupRole, datetime, int]:
    """Where a page of members goes on.

    Raises:
        Invalid: the cursor was not made here.
    """
    try:
        role = GroupRole(keys[0])
    except ValueError as error:
        raise Invalid({"cursor": "not a cursor of this list"}) from error
    return role, moment_of(keys[1]), whole(keys[2])


def keepers(session: Session, group_id: int) -> list[PersonCard]:
    """The owners of a group, the earliest first, at most a handful."""
    owning = select(GroupMember.person_id).where(GroupMember.group_id == group_id, GroupMember.role == GroupRole.OWNER)
    ids = list(session.scalars(owning.order_by(GroupMember.joined_at, GroupMember.person_id).limit(_FACES)))
    people = person_cards(session, ids)
    return [people[one] for one in ids]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody before the door, with their word why."""

    person: PersonCard
    words: str


def requests(session: Session, group_id: int) -> list[Waiting]:
    """Who asks to be let in, the longest waiting first. For the owners' eyes."""
    rows = session.scalars(
        select(JoinRequest).where(JoinRequest.group_id == group_id).order_by(JoinRequest.asked_at).limit(PAGE)
    ).all()
    people = person_cards(session, (row.person_id for row in rows))
    return [Waiting(people[row.person_id], row.words) for row in rows]


def request_count(session: Session, group_id: int) -> int:
    """How many ask to be let in."""
    counted = select(func.count()).select_from(JoinRequest).where(JoinRequest.group_id == group_id)
    return session.scalar(counted) or 0


def has_asked(session: Session, viewer: Viewer, group_id: int) -> bool:
    """Whether the viewer waits to be let in."""
    return session.get(JoinRequest, (group_id, viewer.member_id)) is not None


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its guest reads it."""

    group_id: int
    name: str
    by: PersonCard


def invitations(session: Session, viewer: Viewer) -> list[Invited]:
    """Where the viewer is asked in, the newest first."""
    rows = _invited().rows(session, {"person": viewer.member_id})
    people = person_cards(session, (row.invited_by_id for row in rows))
    return [Invited(row.group_id, row.name, people[row.invited_by_id]) for row in rows]


@cache
def _invited() -> Prepared:
    columns = Invitation.group_id, Invitation.name, Invitation.invited_by_id
    mine = select(*columns).where(Invitation.person_id == _PERSON)
    return Prepared(mine.order_by(Invitation.invited_at.desc()).limit(PAGE))


def invitation_count(session: Session, viewer: Viewer) -> int:
    """How many invitations wait for the viewer."""
    return _count_invited().scalar(session, {"person": viewer.member_id}) or 0


@cache
def _count_invited() -> Prepared:
    return Prepared(select(func.count()).select_from(Invitation).where(Invitation.person_id == _PERSON))
