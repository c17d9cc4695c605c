"""What reading the stored index raises when bytes are not as they were written."""


class DamagedError(Exception):
    """The stored index does not say what it should; only a rebuild helps."""
