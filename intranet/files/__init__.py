"""Files: pictures and documents that people upload, served to their audience alone."""

from flask import Flask

from intranet.files import sweeping, views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    views.feature.mount(app)


__all__ = ["register", "sweeping"]
