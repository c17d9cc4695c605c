"""The first three minutes: they end with a topic that one follows and a person who was found."""

from flask import Flask

from intranet.kernel.page import Slot, fill
from intranet.welcome import founding, steps, subscribers, views


def register(app: Flask) -> None:
    """Take the feature into the application."""
    fill(Slot.HOME_TOP, views.reminder)
    subscribers.register()
    views.feature.mount(app)


__all__ = ["founding", "register", "steps"]
