"""Praise: a post that tells what colleagues did. It speaks for them, not for its author."""
