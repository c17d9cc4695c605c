"""What cards show beside the row of a post: reactions, files, topics, a poll, and whatever a kind of post brings."""
