"""The search page and what stands on it, the suggestions under the search box, and the same search as JSON."""
