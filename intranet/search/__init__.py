"""Finding anything: the index of everything written, the search page, and suggestions while typing."""

from flask import Flask

from intranet.kernel import worker
from intranet.search import commands, documents, marking, turn
from intranet.search.pages import api, conversation, suggestions, views
from intranet.search.routes import feature
from intranet.search.saved import api as saved_api
from intranet.search.saved import live as saved_live
from intranet.search.saved import views as saved_views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    documents.register()
    worker.each_turn(turn.store, every=turn.EVERY, everywhere=True)
    app.cli.add_command(commands.index)
    app.jinja_env.filters.update(marked=marking.marked)
    saved_live.set_up()
    feature.mount(app)


__all__ = ["api", "conversation", "register", "saved_api", "saved_views", "suggestions", "views"]
