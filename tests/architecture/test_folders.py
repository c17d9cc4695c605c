"""Folder = feature, and the same word everywhere."""

from pathlib import Path

from tests.architecture.sources import ROOT, features

# What belongs to no single feature.
_TEMPLATES = {"layouts", "components", "email", "errors"}
_SCRIPTS = {"kernel"}
_TESTS = {
    "architecture",
    "benchmarks",
    "contracts",
    "faults",
    "journeys",
    "kernel",
    "look",
    "migrations",
    "script",
    "search_index",
    "security",
}


def _folders(place: str) -> set[str]:
    return {path.name for path in (ROOT / place).iterdir() if path.is_dir() and not path.name.startswith("__")}


def test_every_folder_is_named_like_a_feature() -> None:
    assert not _folders("templates") - _TEMPLATES - features()
    assert not _folders("static/js") - _SCRIPTS - features()
    assert not _folders("tests") - _TESTS - features()


def test_no_folder_is_empty() -> None:
    empty = [path.name for path in (ROOT / "intranet").iterdir() if path.is_dir() and not _holds_something(path)]
    assert not empty


def _holds_something(path: Path) -> bool:
    return path.name == "__pycache__" or any(child.name != "__pycache__" for child in path.iterdir())
