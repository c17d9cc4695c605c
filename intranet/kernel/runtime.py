"""What one running process holds: settings, database, sockets; found through the current application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from intranet.config import Settings
from intranet.kernel.db import Database
from intranet.kernel.viewer import ANONYMOUS, Viewer

_KEY = "couth"


@dataclass(slots=True)
class Runtime:
    """``identify`` answers who stands behind the current request; ``accounts`` fills it.

    ``parts`` holds what a feature keeps for the life of the process (the search engine, say) under the feature's name.
    """

    settings: Settings
    database: Database
    socketio: Any
    identify: Callable[[], Viewer] = lambda: ANONYMOUS
    parts: dict[str, Any] = field(default_factory=dict)


def runtime(app: Flask | None = None) -> Runtime:
    """The runtime of ``app``, or of the current application."""
    found: Runtime = (app or current_app).extensions[_KEY]
    return found


def install(app: Flask, parts: Runtime) -> None:
    """Give the application its runtime; once, in ``create_app``."""
    app.extensions[_KEY] = parts
