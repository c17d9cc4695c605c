"""Questions: what was asked, who answered, what solved it, and what was asked before."""

from flask import Flask

from intranet.questions import evidence, lists, live, slots, views
from intranet.questions.asked import live as asked_live
from intranet.questions.asked import settings
from intranet.questions.asked import views as asked_views
from intranet.questions.routing import subscribers


def register(app: Flask) -> None:
    """Take the feature into the application."""
    live.set_up()
    subscribers.register()
    evidence.register()
    slots.fill_slots()
    lists.fill_slots()
    settings.fill_slots()
    app.jinja_env.globals.update(took=slots.took)
    views.feature.mount(app)


__all__ = ["asked_live", "asked_views", "register"]
