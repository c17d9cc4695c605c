"""Private lists of people: only their owner knows that they exist, and who is in them."""
