"""Icons: one sprite, well-formed, and every icon that a page names is in it."""

import re
from xml.etree import ElementTree as ET

from tests.architecture.sources import ROOT, files, text

SPRITE = ROOT / "static" / "img" / "icons.svg"
_NAMED = re.compile(r"\bicon\(\s*'([\w-]+)'")


def _drawn() -> list[str]:
    root = ET.fromstring(text(SPRITE))  # noqa: S314 (our own file)
    return [symbol.attrib["id"] for symbol in root.iter("{http://www.w3.org/2000/svg}symbol")]


def test_every_icon_is_drawn_once_and_on_the_same_grid() -> None:
    drawn = _drawn()
    assert len(drawn) == len(set(drawn))
    boxes = re.findall(r'<symbol id="i-[\w-]+" viewBox="([^"]+)"', text(SPRITE))
    assert set(boxes) == {"0 0 24 24"}


def test_every_icon_that_a_page_names_is_drawn() -> None:
    drawn = set(_drawn())
    for path in files("templates", endings=(".html",)):
        missing = {name for name in _NAMED.findall(text(path)) if f"i-{name}" not in drawn}
        assert not missing, path.name


def test_an_icon_takes_its_colour_from_the_words_beside_it() -> None:
    assert not re.search(r'(?:fill|stroke)="(?!none|currentColor|var\(--)', text(SPRITE))
