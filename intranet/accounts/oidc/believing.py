"""What may go wrong between us and the company's sign-in; apart from ``provider``, which only its users load."""

LOGOUT_LASTS = 300  # seconds that word of an ended session may be on its way


class Unanswered(Exception):
    """Nothing usable came, or not in time: it may be better in a moment."""


class Untrusted(Exception):
    """What came cannot be believed."""
