"""A company of 10,000 people and 1,000,000 posts, and what reading and writing its feeds costs."""
