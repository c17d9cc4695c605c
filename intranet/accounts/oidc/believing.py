"""What may go wrong between us and the company's sign-in; apart from ``provider``, which only its users load."""


class Unanswered(Exception):
    """Nothing usable came, or not in time: it may be better in a moment."""


class Untrusted(Exception):
    """What came cannot be believed."""
