"""Reading a conversation that one is not in: for a recorded reason, by two people, for a time, not in secret."""
