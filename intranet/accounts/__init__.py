"""Who a person is, how they prove it, and how long that holds."""

from flask import Flask


def register(app: Flask) -> None:
    """Take the feature into the application."""
