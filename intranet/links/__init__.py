"""Links to pages elsewhere: what such a page says of itself, fetched by the worker and shown as a card."""

from flask import Flask

from intranet.files.sweeping import keeps
from intranet.links import looking, pruning
from intranet.links.queries import names_picture


def register(_app: Flask) -> None:
    """Take the feature into the application."""
    keeps(names_picture)


__all__ = ["looking", "pruning", "register"]
