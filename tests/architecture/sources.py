"""The repository's own files, read once: what the rules look at."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("intranet", "search_index", "tests", "script", "benchmarks", "migrations")
_SKIPPED = {"vendor", "__pycache__", "node_modules", "versions"}


def files(*folders: str, endings: tuple[str, ...]) -> Iterator[Path]:
    """Files below these folders of the repository, without what is fetched or made."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and path.is_file() and not _SKIPPED.intersection(path.relative_to(ROOT).parts):
                yield path


def python_files(*folders: str) -> Iterator[Path]:
    """Python, with the programs in script/ that have no ending."""
    yield from files(*(folders or CODE), endings=(".py",))
    if not folders:
        yield ROOT / "wsgi.py"
        yield from (path for path in sorted((ROOT / "script").iterdir()) if path.is_file() and not path.suffix)


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def short(path: Path) -> str:
    """The path as people name it: from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def features() -> set[str]:
    """Names of the features: the packages in intranet/ besides the kernel."""
    return {path.parent.name for path in (ROOT / "intranet").glob("*/__init__.py")} - {"kernel"}
