"""Articles: answers worth keeping, each with somebody who keeps it right."""

from flask import Flask

from intranet.articles import api, documents, live, slots, subscribers, views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    live.set_up()
    documents.register()
    subscribers.register()
    slots.fill_slots()
    views.feature.mount(app)


__all__ = ["api", "register"]
