"""Announcements: a post that stands out until its end, and may ask everybody whom it reaches to acknowledge it."""
