"""Finding anything: the index of everything written, the search page, and suggestions while typing."""

from flask import Flask

from intranet.kernel import worker
from intranet.search import commands, documents, marking, turn, views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    documents.register()
    worker.each_turn(turn.store)
    app.cli.add_command(commands.index)
    app.jinja_env.filters.update(marked=marking.marked, passage=marking.passage)
    views.feature.mount(app)
