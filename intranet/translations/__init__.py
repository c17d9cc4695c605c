"""The catalogues: one text file for each language but English, which stands in the sources.

``script/translate`` brings them up to date: new texts come in empty, texts that are gone go, nothing that was
translated is lost or guessed. A test fails until every text has its translation.
"""

import argparse
from collections.abc import Iterable
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from intranet.config import ROOT
from intranet.kernel.languages import CATALOGUES, LANGUAGES, SOURCE

_METHODS = (("intranet/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"))
_KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_WIDTH = 120


def texts() -> Catalog:
    """Every text of the sources, with the files where it stands."""
    found = Catalog(fuzzy=False)
    for folder in ("intranet", "templates"):
        extracted = extract_from_dir(
            ROOT / folder, [(pattern.partition("/")[2], method) for pattern, method in _METHODS], keywords=_KEYWORDS
        )
        for file, _line, text, comments, context in sorted(extracted, key=lambda one: one[0]):
            found.add(text, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """What is translated into a language so far."""
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def missing(translated: Catalog, wanted: Iterable[Message]) -> list[str]:
    """Texts without a translation, or with one that is only guessed."""
    return [_shown(message) for message in wanted if message.id and not _is_done(translated.get(message.id))]


def _is_done(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _shown(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def renewed(translated: Catalog, found: Catalog, language: str) -> bytes:
    """The file of a catalogue: the texts of the sources in their order, with what is translated of them."""
    fresh = Catalog(locale=language, project="Couth", header_comment=f"# Couth in {LANGUAGES[language]}", fuzzy=False)
    for message in found:
        if message.id:
            known = translated.get(message.id)
            string = known.string if known is not None and not known.fuzzy else ""
            fresh.add(message.id, string, locations=message.locations, auto_comments=message.auto_comments)
    written = BytesIO()
    write_po(written, fresh, width=_WIDTH, omit_header=False, include_lineno=False, sort_by_file=True)
    unsteady = (b"-Date:", b"Last-Translator:", b"Language-Team:", b"Report-Msgid-Bugs-To:", b"Generated-By:")
    return b"".join(line for line in written.getvalue().splitlines(True) if not any(word in line for word in unsteady))


def main(arguments: list[str]) -> int:
    """Renew every catalogue; ends non-zero while something is missing."""
    parser = argparse.ArgumentParser(prog="script/translate", description=__doc__.splitlines()[0])
    parser.parse_args(arguments)
    found, is_whole = texts(), True
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        translated = read(language)
        (CATALOGUES / f"{language}.po").write_bytes(renewed(translated, found, language))
        gaps = missing(translated, found)
        is_whole = is_whole and not gaps
        print(f"{LANGUAGES[language]}: {len(gaps)} of {len(found)} texts have no translation yet")
        for gap in gaps:
            print(f"  {gap}")
    return 0 if is_whole else 1
