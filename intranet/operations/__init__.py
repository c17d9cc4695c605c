"""Keeping the product running: start, health, measurements, copies, and a doctor that says what to do."""

from flask import Flask

from intranet.operations import commands, heartbeat, views
from intranet.operations.overview import views as overview_views

__all__ = ["overview_views", "register"]


def register(app: Flask) -> None:
    heartbeat.register(app)
    commands.register(app)
    views.feature.mount(app)
