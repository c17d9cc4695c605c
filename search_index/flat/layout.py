"""What the segments of this product consist of; the file format itself holds any fields and columns."""

from search_index.storing.schema import FLAG, LABEL, MENTION, PLACED_FIELDS, TERM_FIELDS, TEXT

FIELDS = TERM_FIELDS
"""In the order of their names. Those of running text have positions; in the others a term stands once or not."""

POSITIONED = frozenset(PLACED_FIELDS)

PAIRED = (FLAG, LABEL, MENTION, TEXT)
"""Fields that are stored the other way round too: which terms each document has."""

CODED = ("author", "audience")
"""Columns of ids, stored as codes into the table of those that occur."""

NAMED = ("kind",)
"""Columns of words, stored likewise."""
