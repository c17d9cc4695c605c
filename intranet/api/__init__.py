"""/api/v1: the same queries and actions as the pages, as JSON."""

from flask import Flask

from intranet.api import document, events, reading


def register(app: Flask) -> None:
    """Take the feature into the application."""
    events.feature.mount(app)


__all__ = ["document", "reading", "register"]
