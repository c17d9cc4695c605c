"""What is written down for people matches what is there."""

import re

from flask import Flask

from intranet.kernel import live
from tests.architecture.sources import ROOT, text


def test_every_api_call_is_documented(app: Flask) -> None:
    written = set(re.findall(r"/api/v1/[\w/{}.-]+", text(ROOT / "docs" / "api.md")))
    named = {re.sub(r"\{\w+\}", "{}", path) for path in written}
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    there = {re.sub(r"<[^>]+>", "{}", rule) for rule in rules}
    assert there <= named
    assert named <= there


def test_every_pushed_event_is_documented(app: Flask) -> None:
    assert app.blueprints
    page = text(ROOT / "docs" / "api.md")
    names = {str(vars(kind)["event_name"]) for kind in live._presenters if kind.__module__.startswith("intranet.")}
    assert not [name for name in names if f"`{name}`" not in page]


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d\d-[\w-]+\.md)\)", text(folder / "README.md")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_the_readme_names_every_top_folder() -> None:
    readme = text(ROOT / "README.md")
    folders = ("script", "intranet", "search_index", "templates", "static", "tests", "benchmarks", "docs", "migrations")
    assert not [name for name in folders if f"{name}/" not in readme]


def test_links_between_documents_lead_somewhere() -> None:
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    pages = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    targets = [(page, target) for page in pages for target in link.findall(text(page))]
    assert not [f"{page.name}: {target}" for page, target in targets if not (page.parent / target).exists()]


def test_what_the_pages_of_security_name_is_there() -> None:
    pages = sorted((ROOT / "docs" / "security").glob("*.md"))
    named = {(page.name, name) for page in pages for name in re.findall(r"`([\w./-]+/[\w./-]+(?:::\w+)?)`", text(page))}
    assert len(named) > 50
    assert not [(page, name) for page, name in sorted(named) if not name.startswith("/") and not _is_there(name)]


def _is_there(name: str) -> bool:
    place, _, test = name.partition("::")
    path = ROOT / place
    return path.exists() and (not test or f"def {test}(" in text(path))
