"""The demo company: a made-up manufacturer whose people, posts and topics fill an empty Couth for a first look."""

from flask import Flask

from intranet.demo import commands


def register(app: Flask) -> None:
    """Add the command ``demo``."""
    commands.register(app)
