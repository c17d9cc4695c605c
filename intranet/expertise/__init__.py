"""Who here knows this? Ranked people with proofs, and everybody's say about what they are found for."""

from flask import Flask

from intranet.expertise import api, models, relating, slots, views
from intranet.expertise.grouped import pages as grouped_pages
from intranet.expertise.here import pages as here_pages
from intranet.expertise.knowing import pages as knowing_pages
from intranet.expertise.meeting import pages as meeting_pages


def register(app: Flask) -> None:
    """Take the feature into the application."""
    slots.fill_slots()
    app.jinja_env.globals.update(ago=views.ago)
    views.feature.mount(app)


__all__ = ["api", "grouped_pages", "here_pages", "knowing_pages", "meeting_pages", "models", "register", "relating"]
