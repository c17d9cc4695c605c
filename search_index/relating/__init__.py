"""What goes with what: topics with topics, people with people, a draft with what was said, a person with topics."""
