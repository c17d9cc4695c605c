"""Whole posting lists: what they match, put together, narrowed by positions, and found for many terms at once."""
