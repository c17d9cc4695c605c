"""Parts that stand on many pages, such as a post: rendered once for all who would see the same, and then found again.

A part is made of the values that it is given, of the language and of the time zone, and of nothing else: no request, no
``me``, no clock. It is kept under all of them, compared whole, so that nothing has to be thrown away when something
changes, and nobody gets what was rendered from other values than came through their own session. What belongs to one
page alone, as the field against forgery or how long ago something was, is left open and filled in on each; so are the
``openings``, for what other features put there.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from flask import current_app, g
from flask_babel import get_locale, get_timezone
from jinja2 import Environment
from markupsafe import Markup

from intranet.kernel.runtime import runtime

Filling = Callable[[], Markup]


@dataclass(frozen=True, slots=True)
class _Opening:
    name: str


_Piece = str | Filling | _Opening

NAME, _ROOM = "parts of pages", 6_000_000  # characters of each of both generations, with what they were made from
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
        self.size += len(repr(key)) + sum(len(piece) for piece in pieces if isinstance(piece, str))


@dataclass(slots=True)
class _Page:
    """What the parts of one page have in common. ``fillings`` are those of the part that is being rendered."""

    env: Environment
    kept: _Kept
    manner: tuple[str, str]
    fillings: list[Filling | _Opening] | None = None


def _page() -> _Page:
    if "parts" not in g:
        kept = runtime().parts.setdefault(NAME, _Kept())
        g.parts = _Page(current_app.jinja_env, kept, (str(get_locale()), str(get_timezone())))
    found: _Page = g.parts
    return found


def part(template: str, openings: Mapping[str, str] | None = None, **values: Hashable) -> Markup:
    """The template rendered from ``values`` alone, which must not change; ``openings`` is HTML for each ``opening``."""
    page = _page()
    # With their types, since 1 equals True and marked text the same text without its mark.
    key = (template, page.manner, tuple(values), tuple(values.values()), tuple(map(type, values.values())))
    pieces = None if page.env.auto_reload else page.kept.find(key)  # reloads for who is working at the templates
    if pieces is None:
        pieces = _rendered(page, template, values)
        page.kept.keep(key, pieces)
    return _filled(page, pieces, openings or {})


def left_open(filling: Filling) -> Markup:
    """What ``filling`` gives: now, or within a part on each page where that stands."""
    page = _page()
    return filling() if page.fillings is None else _marked(page.fillings, filling)


def opening(name: str) -> Markup:
    """Where a part has room for what whoever asks for it brings along."""
    fillings = _page().fillings
    if fillings is None:
        raise RuntimeError(f"{name} is no opening of a part")
    return _marked(fillings, _Opening(name))


def _marked(fillings: list[Filling | _Opening], filling: Filling | _Opening) -> Markup:
    fillings.append(filling)
    return Markup(_MARK.format(len(fillings) - 1))  # noqa: S704 (a mark of our own and a number)


def _rendered(page: _Page, template: str, values: dict[str, Hashable]) -> list[_Piece]:
    """Text and what was left open in it, by turns."""
    around = page.fillings
    fillings: list[Filling | _Opening] = []
    page.fillings = fillings
    try:
        pieces = _MARKS.split(page.env.get_template(template).render(values))
    finally:
        page.fillings = around
    return [fillings[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces)]


def _filled(page: _Page, pieces: list[_Piece], openings: Mapping[str, str]) -> Markup:
    shown: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            shown.append(piece)
        elif isinstance(piece, _Opening):
            shown.append(openings[piece.name])
        else:
            shown.append(piece() if page.fillings is None else _marked(page.fillings, piece))
    return Markup("".join(shown))  # noqa: S704 (templates escaped it)
