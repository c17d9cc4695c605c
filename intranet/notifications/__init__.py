"""Notifications: the one ledger of what reaches whom and why, and the channels that read it."""

from flask import Flask

from intranet.kernel.page import Slot, fill
from intranet.notifications import digests, followed, kept, live, quiet, returned, security, subscribers, views
from intranet.notifications.chats import desktop, unseen
from intranet.notifications.places import views as place_views
from intranet.notifications.reminders import actions as reminder_actions
from intranet.questions.routing.quiet import lend


def register(app: Flask) -> None:
    """Take the feature into the application."""
    fill(Slot.NAV_BADGES, views.bell)
    fill(Slot.NAV_MAIN, views.nav_entry)
    fill(Slot.SETTINGS_PARTS, views.settings_entry)
    fill(Slot.GROUP_MENU, place_views.in_group_menu)
    fill(Slot.TOPIC_RAIL, place_views.on_topic)
    fill(Slot.PROFILE_RAIL, place_views.on_profile)
    live.set_up()
    lend(quiet.quiet_times)
    subscribers.register()
    returned.register()
    security.register()
    kept.register()
    followed.register()
    unseen.register()
    reminder_actions.register()
    views.feature.mount(app)


__all__ = ["desktop", "digests", "register"]
