"""What the segments of this product consist of; the file format itself holds any fields and columns."""

from search_index.storing.schema import LABEL, TEXT, TITLE, TOPIC

FLAG = "flag"
MENTION = "mention"

FIELDS = (FLAG, LABEL, MENTION, TEXT, TITLE, TOPIC)
"""Fields with terms, in the order of their names."""

POSITIONED = frozenset({TEXT, TITLE, TOPIC})
"""Fields of running text: terms repeat and have a place. In the others a term stands once or not."""

PAIRED = (FLAG, LABEL, MENTION, TEXT)
"""Fields that are stored the other way round too: which terms each document has."""

CODED = ("author", "audience")
"""Columns of ids, stored as codes into the table of those that occur."""

NAMED = ("kind",)
"""Columns of words, stored likewise."""
