"""Running the place, and being able to trust those who do: the admin area and the audit log."""

from flask import Flask

from intranet.governance import audit_views, subscribers, views

__all__ = ["audit_views", "register"]


def register(app: Flask) -> None:
    """Take the feature into the application."""
    subscribers.register()
    views.feature.mount(app)
