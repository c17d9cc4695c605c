"""Files: pictures and documents that people upload, served to their audience alone."""

from flask import Flask

from intranet.files import sweeping, views
from intranet.files.previews import live as preview_live
from intranet.files.previews import views as preview_views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    preview_live.set_up()
    views.feature.mount(app)


__all__ = ["preview_views", "register", "sweeping"]
