"""What only the kernel may do, and what only wsgi.py may name."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files, short, text, tree

# Copies whole databases, below sessions and viewers: backup, restore, moving to another server, checks of the file.
_MAY_TOUCH_TABLES = ("intranet/operations/",)


def _outside_kernel() -> Iterator[Path]:
    kernel = ROOT / "intranet" / "kernel"
    yield from (path for path in python_files("intranet") if kernel not in path.parents)


def _calls(path: Path, name: str) -> list[str]:
    """Places where something called ``name`` or ``….name`` is called."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func
            said = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if said == name:
                found.append(f"{short(path)}:{node.lineno}")
    return found


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, by statement or by name, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
            "import_module",
            "__import__",
        }:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield str(first.value), node.lineno


def test_one_place_commits() -> None:
    database = ROOT / "intranet" / "kernel" / "db.py"
    commits = [place for path in python_files("intranet") for place in _calls(path, "commit")]
    assert len(commits) == 1
    assert commits[0].startswith(short(database))


def test_only_the_kernel_emits() -> None:
    assert not [place for path in _outside_kernel() for place in _calls(path, "emit")]


def test_raw_sql_stays_in_the_kernel() -> None:
    """``text()`` and core tables pass by the session filter."""
    raw = [
        f"{short(path)}:{line}"
        for path in _outside_kernel()
        for name, line in _imports(path)
        if name.startswith("sqlalchemy.") and name.endswith(".text")
    ]
    raw += [place for path in _outside_kernel() for place in _calls(path, "exec_driver_sql")]
    raw += [
        f"{short(path)}:{node.lineno}"
        for path in _outside_kernel()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "__table__"
    ]
    assert not [place for place in raw if not place.startswith(_MAY_TOUCH_TABLES)], raw


@pytest.mark.parametrize("loop", ["eventlet", "gevent"])
def test_event_loops_are_named_in_wsgi_alone(loop: str) -> None:
    named = {short(path) for path in python_files() for name, _ in _imports(path) if name.split(".")[0] == loop}
    assert named == {"wsgi.py"}
    assert loop in text(ROOT / "requirements-dev.txt") + text(ROOT / "requirements.txt")


def test_importing_wsgi_patches_nothing(tmp_path: Path) -> None:
    """The command line and the worker import it, and want real sockets and real threads."""
    check = "import wsgi, socket, sys; print(socket.socket.__module__, bool({'eventlet', 'gevent'} & {*sys.modules}))"
    environment = {"COUTH_DATA": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["socket", "False"]


def test_the_engine_knows_neither_flask_nor_sqlalchemy() -> None:
    strangers = {"flask", "sqlalchemy", "intranet", "flask_socketio"}
    known = [
        f"{short(p)}:{n}" for p in python_files("search_index") for m, n in _imports(p) if m.split(".")[0] in strangers
    ]
    assert not known


def test_actions_and_queries_never_see_flask() -> None:
    """HTML, API, sockets and the command line share them. Texts for people (gettext) are allowed."""
    named = [
        f"{short(path)}:{line}"
        for path in _outside_kernel()
        if (
            path.parent.name != "api"  # is HTTP altogether; its events.py is a view
            and path.stem in {"actions", "queries", "policy", "models", "events"}
        )
        or path.parent.name in {"actions", "queries"}
        for module, line in _imports(path)
        if module.split(".")[0] in {"flask", "flask_login", "flask_socketio", "werkzeug"}
    ]
    assert not named


def test_no_path_of_one_machine_is_written_down() -> None:
    places = ("/" + "work/", "/" + "root/", "/" + "Users/")
    own = [*python_files(), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "pyproject.toml"]
    assert not [short(path) for path in own if path.exists() and any(place in text(path) for place in places)]
