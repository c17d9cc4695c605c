"""The permission table, on one screen, against the file that a reviewer reads."""

from pathlib import Path

from flask import Flask

from intranet.kernel import policy

_FILE = Path(__file__).with_name("permissions.txt")


def test_the_permission_table_is_the_one_that_was_reviewed(app: Flask) -> None:
    """A change is a line of this file; ``flask --app wsgi permissions`` prints the new table."""
    assert app.blueprints
    shown = [f"{name}\t{rule}\t{meaning}" for name, rule, meaning in policy.table() if not name.startswith("tests:")]
    assert shown == _FILE.read_text(encoding="utf-8").splitlines()


def test_every_permission_says_what_it_means() -> None:
    assert not [name for name, _rule, meaning in policy.table() if not meaning and not name.startswith("tests:")]


def test_names_read_feature_thing_verb() -> None:
    own = [name for name, *_ in policy.table() if not name.startswith(("core:", "tests:"))]
    assert not [name for name in own if name.count(":") != 2]
