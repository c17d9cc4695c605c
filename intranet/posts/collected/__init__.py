"""What was posted, collected by where and about what: a group's files, a topic's groups, and numbers for both."""
