"""The one character that no row may hold: PostgreSQL has no place for NUL. SQLite would take it, and could then not be
moved; so it is stopped before it reaches either, and whoever sent it hears in which field it was.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import event
from sqlalchemy.engine import Engine

from intranet.kernel.errors import Invalid

_NUL = "\0"
_SEVERAL = (list, tuple, dict)


class Unstorable(Exception):
    """A statement was to be run with a text that cannot be kept."""


@event.listens_for(Engine, "before_cursor_execute")
def refuse(_connection: object, _cursor: object, _statement: str, parameters: object, *_more: object) -> None:
    """Stop a statement on its way to the driver of whichever database, with one row of values or many.

    Raises:
        Unstorable: one of its values holds a NUL.
    """
    if _is_in(parameters):
        raise Unstorable


def refusal(*given: Mapping[str, Any] | None) -> Invalid | None:
    """The error that names the fields with such a character in them; None where there is none, and the fault is
    ours."""
    named = dict.fromkeys(name for values in given if values for name in _names(values))
    return Invalid(dict.fromkeys(named, _("This holds a character that cannot be kept."))) if named else None


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    getlist = getattr(values, "getlist", None)
    for name in values:
        if _is_in(getlist(name) if getlist else values[name]):
            yield name


def _is_in(value: object) -> bool:
    """Whether there is one in a text, or somewhere in what holds several."""
    if isinstance(value, str):
        return _NUL in value
    if isinstance(value, dict):
        return _is_in([*value, *value.values()])
    if not isinstance(value, _SEVERAL):
        return False
    for part in value:  # every statement passes here: texts are looked at without a call
        if isinstance(part, str):
            if _NUL in part:
                return True
        elif isinstance(part, _SEVERAL) and _is_in(part):
            return True
    return False
