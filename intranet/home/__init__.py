"""Home: the page made of the composer, the feed, and what other features show beside it."""

from flask import Flask

from intranet.home import views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    views.feature.mount(app)
