"""Who a person is, how they prove it, and how long that holds."""

from typing import Any

from flask import Flask, g

from intranet.accounts import commands, models, queries, sessions, settings, views

__all__ = ["models", "register", "settings"]


def register(app: Flask) -> None:
    """Take the feature into the application."""
    sessions.set_up(app)
    views.feature.mount(app)
    app.cli.add_command(commands.people)
    app.cli.add_command(commands.token)
    app.context_processor(_site)


def _site() -> dict[str, Any]:
    session = g.get("session")
    return {"site": queries.site(session) if session is not None else queries.Site("Couth", None)}
