"""The shared vocabulary: hashtags and skills are the same topics, and people follow, claim and endorse them."""

from flask import Flask

from intranet.topics import models


def register(app: Flask) -> None:
    """Take the feature into the application."""


__all__ = ["models", "register"]
