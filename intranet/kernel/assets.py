"""Styles, scripts and fonts: as they are in the checkout, or bundled by set-up, whichever is true to the sources.

Set-up (``script/bundling.py``) makes ``static/bundle``: one sheet, few scripts and small fonts, under names that change
with their content. A bundle of other sources than those in the checkout is passed over.
"""

import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for

from intranet.config import ROOT, Settings

STATIC = ROOT / "static"
BUNDLE = "bundle"
MANIFEST = "bundle.json"
_EXTENSION = "couth-assets"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What stands in for a source, by name; and what every page needs at once. Empty where there is no bundle."""

    names: dict[str, str] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


def fingerprint_of_sources(static: Path = STATIC) -> str:
    """One hash over every style sheet and script of the checkout, by path and content."""
    digest = hashlib.sha256()
    for file in sorted([*(static / "css").rglob("*.css"), *(static / "js").rglob("*.js")]):
        digest.update(f"\0{file.relative_to(static).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def bundle_of(static: Path = STATIC) -> Bundle:
    """The bundle that set-up made, where it is there, whole and made of what is in the checkout now."""
    folder = static / BUNDLE
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = Bundle(names=dict(told["names"]), fonts=tuple(told["fonts"]), modules=tuple(told["modules"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Bundle()
    is_whole = all((static / name).is_file() for name in (*found.names.values(), *found.fonts, *found.modules))
    return found if is_whole and told.get("sources") == fingerprint_of_sources(static) else Bundle()


def set_up(app: Flask, settings: Settings) -> None:
    app.extensions[_EXTENSION] = bundle_of() if settings.bundle else Bundle()
    app.jinja_env.globals.update(static_url=static_url, bundle=bundle_in_use)


def static_url(path: str) -> str:
    """The address of a static file, which changes with its content so that it can be cached for ever."""
    bundled = bundle_in_use().names.get(path, path)
    if bundled.startswith(f"{BUNDLE}/"):
        return url_for("static", filename=bundled)
    return _address_in(path, int(time.monotonic()))


@lru_cache(maxsize=1024)
def _address_in(path: str, _second: int) -> str:
    # Looked at once a second at most: a page names some hundred icons of one file.
    try:
        modified = (STATIC / path).stat().st_mtime_ns
    except OSError:
        return url_for("static", filename=path)
    return url_for("static", filename=path, v=_fingerprint(path, modified))


@lru_cache(maxsize=1024)
def _fingerprint(path: str, _modified: int) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]


def never_changes(path: str, *, versioned: bool) -> bool:
    """Whether what stands at this address of ``/static/`` stays the same for ever."""
    return versioned or path.startswith(f"{BUNDLE}/")


def bundle_in_use() -> Bundle:
    """What this process serves instead of the sources."""
    found: Bundle = current_app.extensions[_EXTENSION]
    return found
