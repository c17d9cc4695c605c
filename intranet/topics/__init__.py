"""The shared vocabulary: hashtags and skills are the same topics, and people follow, claim and endorse them."""

from flask import Flask

from intranet.kernel.page import Slot, fill
from intranet.people import knowledge
from intranet.topics import live, stewarding, views
from intranet.topics.skills import LentKnowledge


def register(app: Flask) -> None:
    """Take the feature into the application."""
    knowledge.lend(LentKnowledge())
    fill(Slot.NAV_TOPICS, views.nav_topics)
    fill(Slot.PROFILE_BODY, views.profile_body)
    live.start()
    views.feature.mount(app)


__all__ = ["register", "stewarding"]
