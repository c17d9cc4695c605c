"""Tables that people take away and open in a spreadsheet."""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A cell that a spreadsheet shows and does not run: what would begin a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
