"""Polls: a post that asks its readers to choose, openly or in secret, once or as often as they like."""
