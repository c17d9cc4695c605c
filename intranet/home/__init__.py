"""Home: the page made of the composer, the feed, and what other features show beside it; and the command palette."""

from flask import Flask

from intranet.home import following, inside, installed, palette, views
from intranet.kernel.page import Slot, fill


def register(app: Flask) -> None:
    """Take the feature into the application."""
    fill(Slot.DIALOGS, palette.dialog)
    fill(Slot.NAV_MAIN, following.nav_entry)
    views.feature.mount(app)


__all__ = ["inside", "installed", "register"]
