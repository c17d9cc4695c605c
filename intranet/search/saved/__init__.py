"""Searches that a person keeps under a name, and how many new hits each has since they last looked."""
