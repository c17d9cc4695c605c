"""The machine and the checkout: versions, rights, room, what set-up brings along."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from intranet.config import ROOT, BadSetting, Settings
from intranet.kernel import assets
from intranet.notifications.push.keys import public_key
from intranet.operations.copying import sqlite_file
from intranet.operations.doctor.finding import Finding
from intranet.operations.preflight import CannotStart, require_writable

LITTLE_SPACE = 1 << 30
PYTHONS = ((3, 11), (3, 12), (3, 13))
OLDEST_SQLITE = (3, 38, 0)  # JSON is part of it from here on
VENDOR = ("socket.io.esm.min.js", "idiomorph.esm.js", "inter/index.css")
_SET_UP = "run script/server --setup-only"


def look(settings: Settings) -> Iterator[Finding]:
    yield _versions()
    yield _packages()
    yield _data_folder(settings)
    yield _rights(settings)
    yield _space(settings)
    yield _vendor()
    yield _bundle(settings)
    yield _push(settings)


def _versions() -> Finding:
    state = f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, Whoosh {_installed('Whoosh') or 'none'}"
    if sys.version_info[:2] not in PYTHONS:
        return Finding("versions", state, "run it with Python 3.11, 3.12 or 3.13: delete .venv, then " + _SET_UP)
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        return Finding(
            "versions", state, f"use a Python whose SQLite is {oldest} or newer: delete .venv, then {_SET_UP}"
        )
    return Finding("versions", state)


def _packages() -> Finding:
    """Whether what is installed is what this checkout was tried with."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    wanted = {name.split("[")[0]: version.strip() for name, version in pins}
    wrong = [
        f"{name} {_installed(name) or 'missing'}, not {pin}" for name, pin in wanted.items() if _installed(name) != pin
    ]
    state = "; ".join(wrong[:3]) if wrong else f"{len(wanted)} as pinned"
    return Finding("packages", state, f"stop the server, {_SET_UP}, start again" if wrong else "")


def _installed(name: str) -> str | None:
    try:
        return installed(name)
    except PackageNotFoundError:
        return None


def _data_folder(settings: Settings) -> Finding:
    try:
        require_writable(settings.data)
    except CannotStart as error:
        return Finding("data folder", "not writable", str(error))
    if settings.data.stat().st_mode & 0o007:
        return Finding("data folder", "open to every user of this machine", f"chmod o-rwx {settings.data}")
    return Finding("data folder", str(settings.data))


def _rights(settings: Settings) -> Finding:
    """Files that another user made, after a command as root say, stop the service at the first write."""
    closed = [path for path in _kept(settings) if not os.access(path, os.R_OK | os.W_OK)]
    if closed:
        remedy = f"chown -R $(id -un) {settings.data}, as root"
        return Finding("rights", f"this user may not write {closed[0].name}", remedy)
    open_keys = [path for path in _keys(settings) if path.stat().st_mode & 0o077]
    if open_keys:
        return Finding("rights", f"{open_keys[0].name} can be read by others", f"chmod 600 {open_keys[0]}")
    return Finding("rights", "this user may write what is there, and keys are its own")


def _kept(settings: Settings) -> Iterator[Path]:
    file = sqlite_file(settings.database)
    names = [file.with_name(file.name + end) for end in ("", "-wal", "-shm")] if file else []
    folders = [settings.index_folder, settings.files_folder]
    inside = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    yield from (path for path in (*names, *_keys(settings), *folders, *inside) if path.exists())


def _keys(settings: Settings) -> list[Path]:
    return [path for name in ("secret_key", "push_key") if (path := settings.data / name).is_file()]


def _space(settings: Settings) -> Finding:
    """Room for what people add, and for the copy that an update makes first."""
    free = shutil.disk_usage(settings.data).free
    file = sqlite_file(settings.database)
    needed = LITTLE_SPACE + (file.stat().st_size if file and file.exists() else 0)
    state = f"{free / 1e9:.1f} GB free"
    remedy = (
        f"make room on the disk of {settings.data}: {needed / 1e9:.1f} GB are needed, with the copy before an update"
    )
    return Finding("space", state, "" if free > needed else remedy)


def _vendor() -> Finding:
    missing = [name for name in VENDOR if not (ROOT / "static" / "vendor" / name).is_file()]
    return Finding(
        "browser libraries", f"missing: {', '.join(missing)}" if missing else "there", _SET_UP if missing else ""
    )


def _bundle(settings: Settings) -> Finding:
    if not settings.bundle:
        return Finding("styles and scripts", "one by one, as COUTH_BUNDLE says")
    is_there = bool(assets.bundle_of().names)
    remedy = "" if is_there else f"{_SET_UP}, then start again: pages load slower without"
    return Finding("styles and scripts", "bundled" if is_there else "not bundled from what is in the checkout", remedy)


def _push(settings: Settings) -> Finding:
    """The keys of web push, which are made here where there are none."""
    try:
        return Finding("web push", f"signs as {public_key(settings)[:12]}…")
    except (BadSetting, OSError) as error:
        return Finding("web push", "has no key", str(error))
