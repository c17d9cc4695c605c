"""Ideas that every feature shares; nothing here knows a feature's name."""
