"""Founding a group, and changing what it is called, what it is about and who may read it."""

import secrets
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intranet.groups.actions.belonging import known_to, take_in
from intranet.groups.events import (
    GroupArchived,
    GroupChanged,
    GroupDescribed,
    GroupFounded,
    GroupKindChanged,
    GroupReopened,
)
from intranet.groups.finding import kept_group
from intranet.groups.models import (
    LONGEST_ABOUT,
    LONGEST_NAME,
    Group,
    GroupKind,
    GroupMember,
    GroupRole,
    Invitation,
    JoinRequest,
)
from intranet.groups.policy import GroupPermission
from intranet.kernel import clock
from intranet.kernel.audience import EVERYONE, Audience, AudienceKind
from intranet.kernel.errors import Invalid
from intranet.kernel.outbox import record
from intranet.kernel.policy import require
from intranet.kernel.rooms import AudienceNarrowed
from intranet.kernel.text import clean_line, clean_text, fold, slugify
from intranet.kernel.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDraft:
    """What a group shall be."""

    name: str
    kind: GroupKind = GroupKind.OPEN
    about: str = ""


def found_group(session: Session, viewer: Viewer, draft: GroupDraft) -> Group:
    """Start a group; its founder is its first owner, unless an import starts it.

    Raises:
        Invalid: the name is missing, too long, or that of another group that everybody knows of.
    """
    require(GroupPermission.FOUND, viewer)
    name, about = _checked(draft)
    readers = Audience(kind=AudienceKind.GROUP, readable_by_all=draft.kind is GroupKind.OPEN)
    session.add(readers)
    session.flush()
    group = Group(
        id=readers.id,
        audience_id=_known_to(readers.id, draft.kind),
        kind=draft.kind,
        slug=_free_slug(session, name, draft.kind),
        name=name,
        folded_name=fold(name)[:LONGEST_NAME],
        about=about,
    )
    session.add(group)
    session.flush()
    if viewer.id is not None:
        take_in(session, group, viewer.id, role=GroupRole.OWNER, actor_id=viewer.id)
    record(session, GroupFounded(group.id, viewer.id, group.audience_id))
    return group


def change_group(session: Session, viewer: Viewer, group_id: int, draft: GroupDraft) -> Group:
    """Write what differs. Another kind takes effect at once, for what was posted before too.

    Raises:
        Invalid: as for founding.
        Refused: the viewer is no owner.
    """
    group = kept_group(session, viewer, group_id)
    name, about = _checked(draft)
    if (name, about) != (group.name, group.about):
        record(session, GroupDescribed(group.id, viewer.id))
    if fold(name) != group.folded_name:
        group.slug = _free_slug(session, name, draft.kind)
    group.name, group.folded_name, group.about = name, fold(name)[:LONGEST_NAME], about
    session.execute(update(Invitation).where(Invitation.group_id == group.id).values(name=name))
    if draft.kind is not group.kind:
        record(session, GroupKindChanged(group.id, viewer.id, group.kind.value, draft.kind.value))
        _set_kind(session, group, draft.kind)
    record(session, GroupChanged(group.id, viewer.id, group.audience_id))
    return group


def archive_group(session: Session, viewer: Viewer, group_id: int, *, is_archived: bool) -> Group:
    """Close a group to new posts and members, or open it again; what stands in it stays readable."""
    group = kept_group(session, viewer, group_id)
    if is_archived is not (group.archived_at is not None):
        record(session, (GroupArchived if is_archived else GroupReopened)(group.id, viewer.id))
    group.archived_at = clock.now() if is_archived else None
    record(session, GroupChanged(group.id, viewer.id, group.audience_id))
    return group


def _set_kind(session: Session, group: Group, kind: GroupKind) -> None:
    readers = session.get_one(Audience, group.id)
    if readers.readable_by_all and kind is not GroupKind.OPEN:
        record(session, AudienceNarrowed(group.id))
    readers.readable_by_all = kind is GroupKind.OPEN
    group.kind, group.audience_id = kind, _known_to(group.id, kind)
    if kind is GroupKind.OPEN:
        _let_all_in(session, group)
    for role in GroupRole:
        seen_by = known_to(group, role)
        rows = update(GroupMember).where(GroupMember.group_id == group.id, GroupMember.role == role)
        session.execute(rows.values(audience_id=seen_by).execution_options(synchronize_session=False))
    session.flush()


def _let_all_in(session: Session, group: Group) -> None:
    """Who waits before a door that opens is in."""
    waiting = session.scalars(select(JoinRequest).where(JoinRequest.group_id == group.id)).all()
    for request in waiting:
        take_in(session, group, request.person_id, actor_id=request.person_id)


def _known_to(group_id: int, kind: GroupKind) -> int:
    return group_id if kind is GroupKind.HIDDEN else EVERYONE


def _checked(draft: GroupDraft) -> tuple[str, str]:
    name, about = clean_line(draft.name), clean_text(draft.about)
    if not slugify(name):
        raise Invalid({"name": str(_("Give the group a name."))})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": str(_("At most %(count)s characters.", count=LONGEST_NAME))})
    if len(about) > LONGEST_ABOUT:
        raise Invalid({"about": str(_("At most %(count)s characters.", count=LONGEST_ABOUT))})
    return name, about


def _free_slug(session: Session, name: str, kind: GroupKind) -> str:
    """An address nobody has. That of a hidden group cannot be guessed, and does not stand in the way of others."""
    base = slugify(name)[:60]
    if kind is GroupKind.HIDDEN:
        return f"{base}-{secrets.token_hex(4)}"
    taken = set(session.scalars(select(Group.slug).where(Group.slug.startswith(base, autoescape=True))))
    if base not in taken and base not in RESERVED:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


RESERVED = frozenset({"new", "invitations"})
"""Addresses that pages of the feature have."""
