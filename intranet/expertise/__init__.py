"""Who here knows this? Ranked people with proofs, and everybody's say about what they are found for."""

from flask import Flask

from intranet.expertise import api, introducing, models, relating, slots, views, wishing


def register(app: Flask) -> None:
    """Take the feature into the application."""
    slots.fill_slots()
    app.jinja_env.globals.update(ago=views.ago)
    views.feature.mount(app)


__all__ = ["api", "introducing", "models", "register", "relating", "wishing"]
