"""Timelines: home in four ways, person, topic and bookmarks; what is new, why it is there, where the reader stopped."""

from flask import Flask

from intranet.feed import api, lists, views
from intranet.feed.ranked import views as ranked_views
from intranet.kernel.page import Slot, fill


def register(app: Flask) -> None:
    """Take the feature into the application."""
    fill(Slot.PROFILE_TABS, views.profile_tab)
    fill(Slot.TOPIC_PARTS, views.topic_part)
    fill(Slot.GROUP_BODY, views.group_body)
    ranked_views.fill_slots()
    views.feature.mount(app)


__all__ = ["api", "lists", "register"]
