"""Passkeys: signing in with what a device holds and its owner unlocks, and nothing to type."""
