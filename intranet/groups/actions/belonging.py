"""Coming into a group and leaving it. A membership, its audience's row and the count change together, here alone."""

from collections.abc import Callable, Iterable

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from intranet.accounts.models import Person
from intranet.groups.events import (
    GroupArchived,
    JoinAsked,
    MemberJoined,
    MemberLeft,
    MemberRoleChanged,
    MembershipEnded,
    PersonInvited,
    RequestAnswered,
)
from intranet.groups.finding import find_group, kept_group, membership_of, owner_ids
from intranet.groups.models import LONGEST_WORDS, Group, GroupKind, GroupMember, GroupRole, Invitation, JoinRequest
from intranet.groups.policy import GroupPermission
from intranet.kernel import audience, clock
from intranet.kernel.errors import Invalid, NotFound, Refused
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.rooms import RoomsChanged
from intranet.kernel.text import clean_text
from intranet.kernel.viewer import Viewer

Leaving = Callable[[Session, int, int, int | None], None]
_leaving: list[Leaving] = []


def on_leaving(react: Leaving) -> None:
    """Have ``react(session, group_id, person_id, actor_id)`` run in the same transaction, before somebody is out: what
    must end with a membership and not a moment later."""
    if react not in _leaving:
        _leaving.append(react)


def known_to(group: Group, role: GroupRole) -> int:
    """The audience that may know of a membership."""
    if group.kind is GroupKind.OPEN or (group.kind is GroupKind.CLOSED and role is GroupRole.OWNER):
        return audience.EVERYONE
    return group.id


def take_in(
    session: Session, group: Group, person_id: int, *, role: GroupRole = GroupRole.MEMBER, actor_id: int | None
) -> None:
    """Make somebody a member; who is one already stays as they are."""
    if membership_of(session, group.id, person_id) is not None:
        return
    audience.join(session, group.id, (person_id,))
    session.add(GroupMember(group_id=group.id, person_id=person_id, role=role, audience_id=known_to(group, role)))
    _forget_waiting(session, group.id, person_id)
    _count(session, group, 1)
    record(session, RoomsChanged(person_id))
    record(session, MemberJoined(group.id, person_id, actor_id, group.id))


def _take_out(session: Session, group: Group, membership: GroupMember, *, actor_id: int | None) -> None:
    person_id = membership.person_id
    # Held until the commit: of two clicks at once only one ends it, and is counted.
    if session.get(GroupMember, (group.id, person_id), with_for_update=True) is None:
        raise NotFound
    for react in _leaving:
        react(session, group.id, person_id, actor_id)
    session.delete(membership)
    audience.leave(session, group.id, (person_id,))
    _count(session, group, -1)
    record(session, RoomsChanged(person_id))
    record(session, MemberLeft(group.id, person_id, actor_id, group.id))
    record(session, MembershipEnded(group.id, person_id))


def _count(session: Session, group: Group, change: int) -> None:
    session.flush()
    counted = update(Group).where(Group.id == group.id).values(member_count=Group.member_count + change)
    session.execute(counted.execution_options(synchronize_session=False))
    session.expire(group, ["member_count"])


def _forget_waiting(session: Session, group_id: int, person_id: int) -> None:
    for row in (session.get(JoinRequest, (group_id, person_id)), session.get(Invitation, (group_id, person_id))):
        if row is not None:
            session.delete(row)


def join_group(session: Session, viewer: Viewer, group_id: int) -> None:
    """Come into an open group.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: it is not open to whoever likes.
    """
    group = find_group(session, group_id)
    if membership_of(session, group_id, viewer.id) is None:
        require(GroupPermission.JOIN, viewer, group, None)
        take_in(session, group, viewer.member_id, actor_id=viewer.id)


def leave_group(session: Session, viewer: Viewer, group_id: int) -> None:
    """Leave. The last owner names another first, unless nobody else is in.

    Raises:
        NotFound: the viewer is not in it.
        Refused: they are its last owner.
    """
    group = find_group(session, group_id)
    membership = membership_of(session, group_id, viewer.id)
    if membership is None:
        raise NotFound
    _refuse_to_orphan(session, group, membership)
    _take_out(session, group, membership, actor_id=viewer.id)
    if group.member_count == 0:
        group.archived_at = clock.now()  # nobody is left to let anybody in
        record(session, GroupArchived(group.id, viewer.id))


def remove_member(session: Session, viewer: Viewer, group_id: int, person_id: int) -> None:
    """Take somebody out: at once, also for what they have open.

    Raises:
        NotFound: they are not in it.
        Refused: the viewer is no owner, or they are the last one.
    """
    group = kept_group(session, viewer, group_id)
    membership = _member(session, group_id, person_id)
    _refuse_to_orphan(session, group, membership)
    _take_out(session, group, membership, actor_id=viewer.id)


def set_role(session: Session, viewer: Viewer, group_id: int, person_id: int, role: GroupRole) -> None:
    """Make a member an owner, or an owner a member.

    Raises:
        NotFound: they are not in it.
        Refused: the viewer is no owner, or nobody would be one any more.
    """
    group = kept_group(session, viewer, group_id)
    membership = _member(session, group_id, person_id)
    if membership.role is role:
        return
    if role is GroupRole.MEMBER:
        _refuse_to_orphan(session, group, membership)
    membership.role, membership.audience_id = role, known_to(group, role)
    record(session, MemberRoleChanged(group_id, person_id, viewer.id, group_id, role.value))


def hand_over(session: Session, viewer: Viewer, group_id: int, person_id: int, *, stays: bool) -> None:
    """Make a member an owner in the viewer's place, who stays as a member or leaves: one step, so that nobody is
    missing in between.

    Raises:
        NotFound: they are not in it.
        Refused: the viewer is no owner, or names themselves.
    """
    kept_group(session, viewer, group_id)
    if person_id == viewer.member_id:
        raise Refused(str(_("Name somebody else.")))
    set_role(session, viewer, group_id, person_id, GroupRole.OWNER)
    session.flush()
    if stays:
        set_role(session, viewer, group_id, viewer.member_id, GroupRole.MEMBER)
    else:
        leave_group(session, viewer, group_id)


def _member(session: Session, group_id: int, person_id: int) -> GroupMember:
    membership = membership_of(session, group_id, person_id)
    if membership is None:
        raise NotFound
    return membership


def _refuse_to_orphan(session: Session, group: Group, membership: GroupMember) -> None:
    if membership.role is not GroupRole.OWNER:
        return
    # One after the other: of two who leave at once, each would count on the other to stay.
    session.flush()
    session.refresh(group, with_for_update=True)
    if owner_ids(session, group.id) == [membership.person_id] and group.member_count > 1:
        raise Refused(str(_("Make somebody else an owner first: a group needs one.")))


def _refuse_archived(group: Group) -> None:
    if group.archived_at is not None:
        raise Refused(str(_("This group is archived.")))


def ask_to_join(session: Session, viewer: Viewer, group_id: int, *, words: str = "") -> None:
    """Knock at a closed group; asking again changes the words.

    Raises:
        NotFound: the viewer may not know of it.
        Refused: it is archived.
        Invalid: too many words.
    """
    group = find_group(session, group_id)
    words = clean_text(words)
    if len(words) > LONGEST_WORDS:
        raise Invalid({"words": str(_("At most %(count)s characters.", count=LONGEST_WORDS))})
    if membership_of(session, group_id, viewer.id) is not None:
        return None
    _refuse_archived(group)
    if group.kind is GroupKind.OPEN:
        return take_in(session, group, viewer.member_id, actor_id=viewer.id)
    request = session.get(JoinRequest, (group_id, viewer.member_id))
    if request is not None:
        request.words = words
        return None
    session.add(JoinRequest(group_id=group_id, person_id=viewer.member_id, words=words))
    for owner_id in owner_ids(session, group_id):
        record(session, JoinAsked(group_id, viewer.member_id, owner_id))
    return None


def withdraw_request(session: Session, viewer: Viewer, group_id: int) -> None:
    """No longer ask to be let in."""
    request = session.get(JoinRequest, (group_id, viewer.member_id))
    if request is not None:
        session.delete(request)


def answer_request(session: Session, viewer: Viewer, group_id: int, person_id: int, *, let_in: bool) -> None:
    """Let somebody in who asked, or do not.

    Raises:
        NotFound: they do not ask, or no longer.
        Refused: the viewer is no owner, or would let them into a group that is archived.
    """
    group = kept_group(session, viewer, group_id)
    request = session.get(JoinRequest, (group_id, person_id))
    if request is None:
        raise NotFound
    if let_in:
        _refuse_archived(group)
        take_in(session, group, person_id, actor_id=viewer.id)
    else:
        session.delete(request)
    record(session, RequestAnswered(group_id, let_in, person_id))


def invite(session: Session, viewer: Viewer, group_id: int, people: Iterable[Person]) -> int:
    """Ask people in; whoever asked to be let in is in at once. Returns how many were asked or let in.

    Raises:
        NotFound: the viewer may not know of the group.
        Refused: they may not ask anybody into it.
    """
    group = find_group(session, group_id)
    require(GroupPermission.INVITE, viewer, group, membership_of(session, group_id, viewer.id))
    asked = 0
    for person in people:
        key = (group_id, person.id)
        if person.deactivated_at is not None or audience.is_member(session, *key):
            continue
        if session.get(Invitation, key) is not None:
            continue
        asked += 1
        if session.get(JoinRequest, key) is not None:
            take_in(session, group, person.id, actor_id=viewer.id)
            continue
        session.add(Invitation(group_id=group_id, person_id=person.id, invited_by_id=viewer.member_id, name=group.name))
        record(session, PersonInvited(group_id, viewer.member_id, person.id))
    return asked


def answer_invitation(session: Session, viewer: Viewer, group_id: int, *, accept: bool) -> None:
    """Come in where one was asked to, or do not.

    Raises:
        NotFound: one was not, or no longer is.
        Refused: they accept, and it was archived meanwhile.
    """
    invitation = session.get(Invitation, (group_id, viewer.member_id))
    if invitation is None:
        raise NotFound
    session.delete(invitation)
    if accept:
        # The invitation is the permission: a guest of a hidden group cannot see the group's own row yet.
        audience.join(session, group_id, (viewer.member_id,))
        session.flush()
        group = find_group(session, group_id)
        _refuse_archived(group)
        take_in(session, group, viewer.member_id, actor_id=viewer.id)
