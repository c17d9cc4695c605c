"""Chat: conversations of two or a few, rooms, and what is said in them."""

from flask import Flask

from intranet.chat import api, live, message_api, pages
from intranet.chat.actions.belonging import leave_rooms_of_group
from intranet.chat.links.actions import names_picture
from intranet.chat.routes import feature
from intranet.files.sweeping import keeps
from intranet.groups.actions import on_leaving
from intranet.kernel.page import Slot, fill


def register(app: Flask) -> None:
    """Take the feature into the application."""
    on_leaving(leave_rooms_of_group)
    keeps(names_picture)
    fill(Slot.NAV_MAIN, pages.nav_link)
    fill(Slot.SETTINGS_PARTS, pages.settings.settings_part)
    live.set_up()
    feature.mount(app)


__all__ = ["api", "message_api", "register"]
