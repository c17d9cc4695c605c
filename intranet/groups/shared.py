"""The groups that two people share, on the hover card and the profile of one of them."""

from typing import Any

from flask import g, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from intranet.groups.models import Group, GroupMember
from intranet.groups.queries import GroupCard, card_of
from intranet.kernel.viewer import Viewer
from intranet.people.profiles import ProfileView

_ON_CARD, _IN_RAIL = 3, 8


def shared_groups(session: Session, viewer: Viewer, person_id: int, *, most: int) -> list[GroupCard]:
    """Groups that both are in, by name; archived ones are left out. One statement."""
    mine = select(GroupMember.group_id).where(GroupMember.person_id == viewer.id)
    both = (
        select(Group)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.person_id == person_id, Group.id.in_(mine), Group.archived_at.is_(None))
    )
    return [card_of(group) for group in session.scalars(both.order_by(Group.folded_name, Group.id).limit(most))]


def on_card(*, profile: ProfileView, **_context: Any) -> str:
    """A line of the hover card."""
    groups = [] if profile.is_me else shared_groups(g.session, g.viewer, profile.card.id, most=_ON_CARD)
    return render_template("groups/_shared_line.html", groups=groups)


def in_rail(*, profile: ProfileView, **_context: Any) -> str:
    """A part beside the profile."""
    groups = [] if profile.is_me else shared_groups(g.session, g.viewer, profile.card.id, most=_IN_RAIL)
    return render_template("groups/_shared.html", groups=groups, profile=profile)
