"""Taking in a company's posts and people from files of JSON lines."""

from flask import Flask

from intranet.imports import commands, events
from intranet.search.sources import add_change


def register(app: Flask) -> None:
    """Take the feature into the application."""
    app.cli.add_command(commands.import_group)
    add_change(events.PeopleImported, events.documents_of)
