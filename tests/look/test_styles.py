"""Style sheets: one home for colours, nothing named that does not exist, and every sheet is used."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files, short, text

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[\d.]|(?<![\w-])(?:white|red|green|blue)(?![\w-])",
    re.IGNORECASE,
)
_USED = re.compile(r"var\(\s*(--[\w-]+)\s*[),]")
_GIVEN_BY_PAGES = {"--due", "--until"}  # data, like --share: a page that draws one gives its value
_SET = re.compile(r"(--[\w-]+)\s*:")


def _rules(path: Path) -> str:
    return _COMMENT.sub("", text(path))


@pytest.mark.parametrize("sheet", [path for path in SHEETS if path.name != "tokens.css"], ids=short)
def test_colours_have_one_home(sheet: Path) -> None:
    """A colour computed from a person's own hue is data, not a design decision."""
    lines = [line for line in _rules(sheet).splitlines() if _COLOUR.search(line) and "var(--hue)" not in line]
    assert not lines


def test_every_custom_property_that_is_used_is_set_somewhere() -> None:
    sources = [_rules(path) for path in SHEETS]
    drawn = [text(path) for path in files("templates", "static/js", "static/img", endings=(".html", ".js", ".svg"))]
    known = {name for source in [*sources, *drawn] for name in _SET.findall(source)}
    known |= set(re.findall(r"""["'](--[\w-]+)["']""", "".join(drawn)))
    optional = {match for source in sources for match in re.findall(r"var\(\s*(--[\w-]+)\s*,", source)}
    used = {name for source in [*sources, *drawn] for name in _USED.findall(source)}
    unknown = used - known - optional - _GIVEN_BY_PAGES
    assert not unknown


@pytest.mark.parametrize("sheet", SHEETS, ids=short)
def test_braces_match(sheet: Path) -> None:
    rules = _rules(sheet)
    assert rules.count("{") == rules.count("}")
    assert rules.count("(") == rules.count(")")


def test_every_sheet_is_named_in_the_one_that_pages_link() -> None:
    named = re.findall(r'@import url\("(\w+)\.css"\);', text(ROOT / "static" / "css" / "all.css"))
    assert sorted([*named, "all"]) == [path.stem for path in SHEETS]
    pages = "".join(text(path) for path in files("templates", endings=(".html",)))
    assert re.findall(r"static_url\('css/(\w+)\.css'\)", pages) == ["all"]


def test_the_typeface_is_there_for_the_alphabets_of_a_world_wide_company() -> None:
    fonts = text(ROOT / "static" / "css" / "fonts.css")
    for alphabet in ("latin", "latin-ext", "cyrillic", "greek", "vietnamese"):
        assert f"/inter-{alphabet}-wght-normal.woff2" in fonts
    assert fonts.count('"Inter Variable"') == fonts.count("unicode-range") == fonts.count("font-display: swap")
