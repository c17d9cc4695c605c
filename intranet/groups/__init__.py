"""Groups: teams and communities, who is in them, and the audiences that their posts are for."""

from flask import Flask

from intranet.groups import api, live, member_views, shared, views
from intranet.groups.routes import feature
from intranet.kernel.page import Slot, fill


def register(app: Flask) -> None:
    """Take the feature into the application."""
    fill(Slot.NAV_GROUPS, views.nav_groups)
    fill(Slot.HOME_RAIL, views.invitations_part)
    fill(Slot.PERSON_CARD, shared.on_card)
    fill(Slot.PROFILE_RAIL, shared.in_rail)
    live.set_up()
    feature.mount(app)


__all__ = ["api", "member_views", "register"]
