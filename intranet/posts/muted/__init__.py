"""Muted threads: what one has heard enough of stays out of one's home feed, and its replies out of one's notices."""
