"""Posts for later: kept as the composer sent them, and published by the worker as their author would have."""
