"""What happened to groups. ``audience_id`` is who may know of it, ``recipient_id`` the one person it concerns."""

from dataclasses import dataclass

from intranet.kernel.outbox import event


@event("group.founded")
@dataclass(frozen=True, slots=True)
class GroupFounded:
    """There is a new group."""

    group_id: int
    actor_id: int | None
    audience_id: int


@event("group.changed")
@dataclass(frozen=True, slots=True)
class GroupChanged:
    """Its name, what it is about, who may read it, or whether it is archived."""

    group_id: int
    actor_id: int | None
    audience_id: int


@event("group.described")
@dataclass(frozen=True, slots=True)
class GroupDescribed:
    """It is called otherwise, or is about something else."""

    group_id: int
    actor_id: int | None


@event("group.kind-changed")
@dataclass(frozen=True, slots=True)
class GroupKindChanged:
    """Others may read it, or fewer."""

    group_id: int
    actor_id: int | None
    was_kind: str
    kind: str


@event("group.archived")
@dataclass(frozen=True, slots=True)
class GroupArchived:
    """It takes no more posts and members."""

    group_id: int
    actor_id: int | None


@event("group.reopened")
@dataclass(frozen=True, slots=True)
class GroupReopened:
    """It is archived no longer."""

    group_id: int
    actor_id: int | None


@event("group.member-joined")
@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody is in; the group hears it."""

    group_id: int
    person_id: int
    actor_id: int | None
    audience_id: int


@event("group.member-left")
@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody left or was taken out; the group hears it."""

    group_id: int
    person_id: int
    actor_id: int | None
    audience_id: int


@event("group.gone")
@dataclass(frozen=True, slots=True)
class MembershipEnded:
    """``recipient_id`` is out of the group, and hears of it there no more: their open pages of it must know."""

    group_id: int
    recipient_id: int


@event("group.role-changed")
@dataclass(frozen=True, slots=True)
class MemberRoleChanged:
    """Somebody became an owner, or is one no longer."""

    group_id: int
    person_id: int
    actor_id: int | None
    audience_id: int
    role: str = ""


@event("group.asked")
@dataclass(frozen=True, slots=True)
class JoinAsked:
    """Somebody would like to be let in; ``recipient_id`` is an owner."""

    group_id: int
    person_id: int
    recipient_id: int


@event("group.invited")
@dataclass(frozen=True, slots=True)
class PersonInvited:
    """``recipient_id`` is asked in."""

    group_id: int
    inviter_id: int
    recipient_id: int


@event("group.answered")
@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """``recipient_id`` asked to be let in and has an answer; ``words`` come with a no."""

    group_id: int
    was_let_in: bool
    recipient_id: int
