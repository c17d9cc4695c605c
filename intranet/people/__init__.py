"""What colleagues know about each other: profiles, the directory, following and who is around."""

from dataclasses import replace
from datetime import tzinfo
from typing import Any

from flask import Flask, g
from sqlalchemy.exc import OperationalError

from intranet.kernel.languages import know_zones
from intranet.kernel.page import Slot, fill
from intranet.kernel.runtime import runtime
from intranet.people import api, chart_views, commands, hours, live, places, settings_views, views
from intranet.people.apart import views as apart_views
from intranet.people.cards import PersonCard, Presence, person_cards
from intranet.people.lists import api as lists_api
from intranet.people.lists import views as lists_views
from intranet.people.routes import feature


def register(app: Flask) -> None:
    """Take the feature into the application."""
    fill(Slot.HOME_RAIL, views.home_rail)
    fill(Slot.NAV_BADGES, views.presence_beat)
    fill(Slot.SETTINGS_PARTS, apart_views.settings_part)
    live.start()
    app.jinja_env.globals.update(local_clock=hours.local_clock)
    app.context_processor(_me)
    know_zones(_my_zone)
    feature.mount(app)


def _me() -> dict[str, Any]:
    """``me`` in every template: the viewer's own card, read once for each request."""
    if "viewer" not in g or g.viewer.id is None:
        return {"me": None}
    if "me_card" not in g:
        # A session of its own: an error page is rendered when the request's session is over.
        try:
            with runtime().database.reading(g.viewer) as session:
                g.me_card = _here(person_cards(session, [g.viewer.id]).get(g.viewer.id))
        except OperationalError:  # this may be the very page that says so
            return {"me": None}
    return {"me": g.me_card}


def _here(card: PersonCard | None) -> PersonCard | None:
    """Whoever is shown a page is here, although their mark is written only once the page is open."""
    if card is None or card.presence is Presence.FOCUSING:
        return card
    return replace(card, presence=Presence.AROUND)


def _my_zone() -> tzinfo | None:
    me = _me()["me"]
    return hours.zone_of(me.timezone) if me is not None else None


__all__ = ["api", "chart_views", "commands", "lists_api", "lists_views", "places", "register", "settings_views"]
