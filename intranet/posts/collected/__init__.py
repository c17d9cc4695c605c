"""Files that were posted in a group, collected on one page."""
