"""Articles: answers worth keeping, each with somebody who keeps it right."""

from flask import Flask

from intranet.articles import api, documents, live, slots, subscribers, views
from intranet.articles.voices import api as voices_api
from intranet.articles.voices import views as voices_views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    live.set_up()
    documents.register()
    subscribers.register()
    slots.fill_slots()
    views.feature.mount(app)


__all__ = ["api", "register", "voices_api", "voices_views"]
