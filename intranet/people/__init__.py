"""What colleagues know about each other: profiles, the directory, following and who is around."""

from flask import Flask

from intranet.people import models


def register(app: Flask) -> None:
    """Take the feature into the application."""


__all__ = ["models", "register"]
