"""What could not be delivered or done: dead letters, to be tried again or let go."""
