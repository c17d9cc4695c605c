"""From chat to knowledge: a message, thread or draft becomes a post or question that says whose words it tells."""

from flask import Flask

from intranet.kernel.page import Slot, fill
from intranet.posts.parts.registry import add_part
from intranet.posts.sending import accompany
from intranet.retold import views
from intranet.retold.actions import RETELLING
from intranet.retold.drafts import BEGINNING
from intranet.retold.queries import RETOLD


def register(app: Flask) -> None:
    """Take the feature into the application."""
    add_part(RETOLD)
    accompany(RETELLING)
    accompany(BEGINNING)
    fill(Slot.COMPOSER_PARTS, views.composer_part)
    fill(Slot.POST_WHY, views.source_of_post)
    views.feature.mount(app)


__all__ = ["register"]
