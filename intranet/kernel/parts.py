"""Parts that stand on many pages, such as a post: rendered once for all who would see the same, and then found again.

A part is made of the values that it is given, of the language and of the time zone, and of nothing else: no request, no
``me``, no clock. It is kept under all of them, compared whole, so that nothing has to be thrown away when something
changes, and nobody gets what was rendered from other values than came through their own session. What belongs to one
page alone, as the field against forgery or how long ago something was, is left open and filled in on each.
"""

import re
import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from flask import current_app, g
from flask_babel import get_locale, get_timezone
from markupsafe import Markup

from intranet.kernel.runtime import runtime

Filling = Callable[[], Markup]
_Piece = str | Filling

NAME, _ROOM = "parts of pages", 4_000_000  # characters of each of both generations
_MARK = f"<!--{secrets.token_hex(16)} {{}}-->"  # stands within parts alone; nobody could have written it
_MARKS = re.compile(_MARK.format(r"(\d+)"))


@dataclass(slots=True)
class _Kept:
    """What was asked for lately: when the young generation is full, it becomes the old one, and that is dropped."""

    young: dict[Hashable, list[_Piece]] = field(default_factory=dict)
    old: dict[Hashable, list[_Piece]] = field(default_factory=dict)
    size: int = 0

    def find(self, key: Hashable) -> list[_Piece] | None:
        found = self.young.get(key)
        if found is None:
            found = self.old.get(key)
            if found is not None:
                self.keep(key, found)
        return found

    def keep(self, key: Hashable, pieces: list[_Piece]) -> None:
        if self.size > _ROOM:
            self.young, self.old, self.size = {}, self.young, 0
        self.young[key] = pieces
        self.size += sum(len(piece) for piece in pieces if isinstance(piece, str))


def part(template: str, **values: Hashable) -> Markup:
    """The template rendered from ``values`` alone, which must not change."""
    env = current_app.jinja_env
    if env.auto_reload:  # somebody is working at the templates
        return _filled(_rendered(template, values))
    kept: _Kept = runtime().parts.setdefault(NAME, _Kept())
    # With their types, since 1 equals True and marked text the same text without its mark.
    key = (template, str(get_locale()), str(get_timezone()), *values, *values.values(), *map(type, values.values()))
    pieces = kept.find(key)
    if pieces is None:
        pieces = _rendered(template, values)
        kept.keep(key, pieces)
    return _filled(pieces)


def left_open(filling: Filling) -> Markup:
    """What ``filling`` gives: now, or within a part on each page where that stands."""
    fillings: list[Filling] | None = g.get("left_open")
    if fillings is None:
        return filling()
    fillings.append(filling)
    return Markup(_MARK.format(len(fillings) - 1))  # noqa: S704 (ours)


def _rendered(template: str, values: dict[str, Hashable]) -> list[_Piece]:
    """Text and what was left open in it, by turns."""
    around = g.get("left_open")
    fillings: list[Filling] = []
    g.left_open = fillings
    try:
        pieces = _MARKS.split(current_app.jinja_env.get_template(template).render(values))
    finally:
        g.left_open = around
    return [fillings[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces)]


def _filled(pieces: list[_Piece]) -> Markup:
    return Markup("".join([piece if isinstance(piece, str) else left_open(piece) for piece in pieces]))  # noqa: S704 (rendered)
