"""Who a person is, how they prove it, and how long that holds."""

from typing import Any

from flask import Flask, g
from sqlalchemy.exc import OperationalError

from intranet.accounts import commands, keeping, models, queries, sessions, settings, views
from intranet.accounts.factors import gate as factors_gate
from intranet.accounts.factors import settings as factors_settings
from intranet.accounts.oidc import leaving as oidc_leaving
from intranet.accounts.oidc import views as oidc_views
from intranet.accounts.passkeys import gate as passkey_gate
from intranet.accounts.passkeys import settings as passkey_settings
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import ANONYMOUS

__all__ = [
    "factors_gate",
    "factors_settings",
    "keeping",
    "models",
    "oidc_leaving",
    "oidc_views",
    "passkey_gate",
    "passkey_settings",
    "register",
    "settings",
]


def register(app: Flask) -> None:
    """Take the feature into the application."""
    sessions.set_up(app)
    views.feature.mount(app)
    app.cli.add_command(commands.people)
    app.cli.add_command(commands.token)
    app.context_processor(_site)


def _site() -> dict[str, Any]:
    """``site`` in every template, read once for each request."""
    if "site" not in g:
        # A session of its own: an error page is rendered when the request's session is over, and using that one
        # again would hold its connection, after a POST even the database's write lock.
        try:
            with runtime().database.reading(g.get("viewer", ANONYMOUS)) as session:
                g.site = queries.site(session)
        except OperationalError:  # this may be the very page that says so
            return {"site": queries.NAMELESS}
    return {"site": g.site}
