"""Browser modules: every behaviour that a page names exists, and whatever a module imports can be found."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files, short, text

JS = ROOT / "static" / "js"
MODULES = list(files("static/js", endings=(".js",)))
_IMPORTED = re.compile(r"""(?:from|import)\s*\(?["']([^"']+)["']""")
_NAMED = re.compile(r'data-controller="([^"]*)"')
_FROM_NPM = {"socket.io-client", "idiomorph"}


def _places() -> dict[str, str]:
    """Behaviours of the kernel by their short names, as behaviours.js lists them."""
    listed = re.findall(r'"?([\w-]+)"?: "(kernel/[\w-]+)"', text(JS / "kernel" / "behaviours.js"))
    return {name: f"{place}.js" for name, place in listed}


def _controllers() -> set[str]:
    names: set[str] = set()
    for path in files("templates", endings=(".html",)):
        for value in _NAMED.findall(text(path)):
            names |= set(re.sub(r"{{.*?}}|{%.*?%}", " ", value).split())
        names |= {part for found in re.findall(r"controllers = '([^']*)'", text(path)) for part in found.split()}
    return names


def test_every_behaviour_that_a_page_names_is_a_module_that_connects() -> None:
    places = _places()
    assert places
    missing = []
    for name in sorted(_controllers()):
        module = JS / places.get(name, f"{name}.js")
        if not module.is_file() or "export function connect(" not in text(module):
            missing.append(name)
    assert not missing


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_imports_can_be_found(module: Path) -> None:
    for wanted in _IMPORTED.findall(text(module)):
        assert wanted in _FROM_NPM or (wanted.startswith("couth/") and (JS / wanted.removeprefix("couth/")).is_file())


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_a_module_builds_no_code_from_words(module: Path) -> None:
    """What people wrote must never be run: no eval, no inline handlers, no javascript: addresses."""
    assert not re.search(r"\beval\(|new Function\(|javascript:|document\.write|setAttribute\(\"on", text(module))


def test_a_shortcut_never_fires_in_a_field() -> None:
    source = text(JS / "kernel" / "shortcuts.js")
    assert re.search(r"if \(inField\(event\.target\)[^\n]*return;", source)
