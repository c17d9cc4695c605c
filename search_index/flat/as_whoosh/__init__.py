"""Segments as a Whoosh codec: what checks our reading and scoring against Whoosh's own."""
