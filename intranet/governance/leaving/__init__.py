"""Leaving: what somebody alone looked after passes to a named successor, in one step."""
