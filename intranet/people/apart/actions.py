"""Muting and blocking a colleague. Each says what shall be, so that a repeated request changes nothing."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.kernel.apart import Apart, ApartKind, are_apart
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.viewer import Viewer
from intranet.people.apart.events import PersonJoinedAgain, PersonParted
from intranet.people.events import PersonUnfollowed
from intranet.people.lists.models import ListedPerson, PeopleList
from intranet.people.models import Follow, FollowKind
from intranet.people.policy import PeoplePermission

MOST = 500


def mute(session: Session, viewer: Viewer, person_id: int, *, is_on: bool) -> None:
    """Hear no more of a colleague in timelines and suggestions, or hear them again.

    Raises:
        NotFound: there is no such person.
        Refused: it is oneself.
        Invalid: there are too many.
    """
    require_other(viewer, session.get(Person, person_id))
    if is_on and are_apart(session, viewer.member_id, person_id):
        return  # a block is more than that
    _set(session, viewer.member_id, person_id, ApartKind.MUTED, is_on=is_on)


def block(session: Session, viewer: Viewer, person_id: int, *, is_on: bool) -> None:
    """Neither meet a colleague nor be met by them, or end that; following ends on both sides and stays ended.

    Raises:
        NotFound: there is no such person.
        Refused: it is oneself.
        Invalid: there are too many.
    """
    require_other(viewer, session.get(Person, person_id))
    mine = viewer.member_id
    if not _set(session, mine, person_id, ApartKind.BLOCKED, is_on=is_on):
        return
    if not is_on:
        session.delete(session.get_one(Apart, (person_id, mine, ApartKind.BLOCKED_BY)))
        return
    session.add(Apart(person_id=person_id, other_id=mine, kind=ApartKind.BLOCKED_BY))
    muted = session.get(Apart, (mine, person_id, ApartKind.MUTED))
    if muted is not None:
        session.delete(muted)
    _end_following(session, mine, person_id)
    _leave_lists(session, mine, person_id)


def require_other(viewer: Viewer, person: Person | None) -> None:
    """Whom one can keep apart from.

    Raises:
        NotFound: there is nobody.
        Refused: it is oneself.
    """
    if person is None:
        raise NotFound
    require(PeoplePermission.KEEP_APART, viewer, person)


def _set(session: Session, person_id: int, other_id: int, kind: ApartKind, *, is_on: bool) -> bool:
    """Whether that changed anything."""
    row = session.get(Apart, (person_id, other_id, kind))
    if (row is not None) == is_on:
        return False
    if row is not None:
        session.delete(row)
        record(session, PersonJoinedAgain(person_id, other_id))
        return True
    own = (Apart.person_id == person_id, Apart.kind == kind)
    if (session.scalar(select(func.count()).select_from(Apart).where(*own)) or 0) >= MOST:
        raise Invalid({"person": str(_("At most %(count)s. Take one back first.", count=MOST))})
    session.add(Apart(person_id=person_id, other_id=other_id, kind=kind))
    record(session, PersonParted(person_id, other_id))
    return True


def _end_following(session: Session, one: int, other: int) -> None:
    between = or_(
        (Follow.follower_id == one) & (Follow.target_id == other),
        (Follow.follower_id == other) & (Follow.target_id == one),
    )
    followed = (Follow.kind == FollowKind.PERSON, between)
    for follower_id, target_id in session.execute(select(Follow.follower_id, Follow.target_id).where(*followed)).all():
        record(session, PersonUnfollowed(follower_id=follower_id, followed_id=target_id))
    session.execute(delete(Follow).where(*followed))


def _leave_lists(session: Session, one: int, other: int) -> None:
    for owner_id, person_id in ((one, other), (other, one)):
        owned = select(PeopleList.id).where(PeopleList.owner_id == owner_id)
        held = (ListedPerson.person_id == person_id, ListedPerson.list_id.in_(owned))
        session.execute(delete(ListedPerson).where(*held))


def require_together(session: Session, viewer: Viewer, person_id: int) -> None:
    """For what one person does to another: following, vouching, thanking.

    Raises:
        Refused: one of the two blocks the other. It does not say which.
    """
    if viewer.id is not None and are_apart(session, viewer.id, person_id):
        raise Refused(str(_("This is not possible between you and this person.")))
