"""What is sent to keep a search: the fields of the search page's address, and a name."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from intranet.kernel.errors import Invalid
from intranet.search.narrowing import line_of, read_narrowing
from intranet.search.question import read_question
from intranet.search.saved.actions import SavedDraft


def read_draft(given: "MultiDict[str, str]") -> tuple[SavedDraft, dict[str, str]]:
    """The search and its name, and the fields with values that mean nothing."""
    narrowing, odd = read_narrowing(given)
    question = read_question(line_of(given))
    return SavedDraft(given.get("name", ""), question, narrowing, moment_of(given.get("until", ""))), odd


def from_json(body: Any) -> "MultiDict[str, str]":
    """A JSON object as the same fields; values are strings, numbers or lists of them.

    Raises:
        Invalid: it is no object, or a value is something else.
    """
    if not isinstance(body, Mapping):
        raise Invalid({"body": "must be a JSON object"})
    fields: MultiDict[str, str] = MultiDict()
    for name, value in body.items():
        for part in value if isinstance(value, Iterable) and not isinstance(value, str | Mapping) else (value,):
            if isinstance(part, bool) or not isinstance(part, str | int):
                raise Invalid({str(name)[:60]: "must be a string or a list of strings"})
            fields.add(str(name), str(part))
    return fields


def moment_of(milliseconds: str) -> datetime | None:
    """A time as pages carry it, in milliseconds since 1970; None for anything else."""
    if not (milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 15):
        return None
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
