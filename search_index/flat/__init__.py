"""The stored form of the index: immutable segments of flat, memory-mapped arrays (docs/search-index-format.md)."""
