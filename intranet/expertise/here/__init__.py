"""Who of those in a conversation knows something: the finder, kept to the people who can be asked right there."""
