"""Groups, who is in them, who asks to be and who is asked."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.kernel import clock
from intranet.kernel.audience import Guarded
from intranet.kernel.tables import Base, one_of

LONGEST_NAME, LONGEST_ABOUT, LONGEST_WORDS = 80, 2000, 300


class GroupKind(StrEnum):
    """Open: everybody reads, whoever likes joins. Closed: everybody knows of it, members read, owners let in. Hidden:
    only members know that it is there."""

    OPEN = "open"
    CLOSED = "closed"
    HIDDEN = "hidden"


class GroupRole(StrEnum):
    """An owner decides who is in and how the group is called."""

    OWNER = "owner"
    MEMBER = "member"


class Group(Guarded, Base):
    """A group is its audience: ``id`` is that of the audience that reads what is posted in it.

    ``audience_id`` guards the group itself, as ever: everyone, or the group alone where it is hidden. ``member_count``
    repeats what the memberships say, so that the directory can sort by it.
    """

    __tablename__ = "groups"
    __table_args__ = (Index("ix_groups_member_count", "member_count", "id"),)

    id: Mapped[int] = mapped_column(
        ForeignKey("audiences.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded_name: Mapped[str] = mapped_column(String(LONGEST_NAME), index=True)
    about: Mapped[str] = mapped_column(String(LONGEST_ABOUT), default="")
    member_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    archived_at: Mapped[datetime | None]


class GroupMember(Guarded, Base):
    """One person in one group, beside the audience's own row. Everyone sees who is in an open group and who owns a
    closed one; the rest is known to the group alone."""

    __tablename__ = "group_members"
    __table_args__ = (
        Index("ix_group_members_person", "person_id", "group_id"),
        Index("ix_group_members_role", "group_id", "role", "joined_at"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[GroupRole] = mapped_column(one_of(GroupRole), default=GroupRole.MEMBER)
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)


class JoinRequest(Base):
    """Somebody asks to be let in, with a word why. Read by the owners and by who asks."""

    __tablename__ = "group_join_requests"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)


class Invitation(Base):
    """A member asks somebody in. ``name`` is the group's: the guest of a hidden group reads this row and no other."""

    __tablename__ = "group_invitations"
    __table_args__ = (Index("ix_group_invitations_person", "person_id", "group_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    invited_at: Mapped[datetime] = mapped_column(default=clock.now)
