"""What somebody is found for, and their say about it."""
