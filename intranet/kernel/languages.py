"""The languages of the product: which there are, which one a reader gets, and where their words come from.

English stands in the sources. The other catalogues are text files, read once when the program starts: what a
translator saves is what is shown, without a step between.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale

from intranet.config import ROOT

SOURCE = "en"
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""Each in its own name. One is added when its catalogue is complete; a test says what is missing."""

CATALOGUES = ROOT / "intranet" / "translations"


@cache
def catalogue(language: str) -> NullTranslations:
    """The words of a language."""
    if language == SOURCE or language not in LANGUAGES:
        return NullTranslations()
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        words = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Translations(compiled)


class _Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel carries no types
    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalogue(locale.language if locale else SOURCE)


class _Babel(Babel):  # type: ignore[misc]  # Flask-Babel carries no types
    domain_instance = _Catalogues()


def set_up(app: Flask) -> None:
    """Speak the reader's language, by their clock; the command line and the worker speak English and UTC."""
    _Babel(app, locale_selector=chosen, timezone_selector=_zone)
    for language in LANGUAGES:
        catalogue(language)


def know_zones(zone_of_viewer: Callable[[], tzinfo | None]) -> None:
    """Have times shown by the clock that this names for a request; who keeps people's zones says so once at start."""
    _zones[:] = [zone_of_viewer]


_zones: list[Callable[[], tzinfo | None]] = []


def _zone() -> tzinfo:
    found = _zones[0]() if _zones and has_request_context() else None
    return found or UTC


def chosen() -> str:
    """The language that the viewer chose, or else the one that their browser likes best."""
    if not has_request_context():
        return SOURCE
    wish: str = (g.viewer.language if "viewer" in g else None) or ""
    if wish in LANGUAGES:
        return wish
    # In the browser's order: its best match would be English for somebody who asks for Austrian German, then English.
    asked = (tag.partition("-")[0].lower() for tag, _quality in request.accept_languages)
    return next((language for language in asked if language in LANGUAGES), SOURCE)
