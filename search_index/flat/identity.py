"""A document's id as a number that fits in a column."""

from hashlib import blake2b


def tie(document_id: str) -> int:
    """Settles the order of equals the same way whatever else is in the index; finds a document by its id."""
    return int.from_bytes(blake2b(document_id.encode(), digest_size=8).digest(), signed=True)
