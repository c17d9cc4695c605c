"""What we build on: pinned, locked, and asked about honestly."""

import json
import re
from importlib.metadata import version

import pytest

from script.auditing import Answer, read_npm_audit, read_pip_audit
from tests.architecture.sources import ROOT, text

_PIN = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[\w,-]+\])?==([^;\s]+)")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_once_and_installed_as_pinned(name: str) -> None:
    lines = [line for line in text(ROOT / name).splitlines() if line and not line.startswith(("#", "-r "))]
    pins = [found.groups() for line in lines if (found := _PIN.match(line))]
    assert len(pins) == len(lines) == len({package.lower() for package, _ in pins})
    wrong = [(package, pin, version(package)) for package, pin in pins if version(package) != pin]
    assert not wrong


def test_the_lock_file_holds_what_the_package_file_asks_for_with_a_sum_for_each() -> None:
    asked = json.loads(text(ROOT / "package.json"))
    locked = json.loads(text(ROOT / "package-lock.json"))["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert locked[""][kind] == asked[kind]
        assert all(locked[f"node_modules/{name}"]["version"] == pin for name, pin in asked[kind].items())
    assert all(one["integrity"].startswith("sha512-") for place, one in locked.items() if place)


def test_a_weakness_is_told_with_what_mends_it() -> None:
    vulns = [{"id": "PYSEC-1", "fix_versions": ["2.0"], "aliases": [], "description": "…"}]
    said = json.dumps({"dependencies": [{"name": "a", "version": "1.0", "vulns": vulns}], "fixes": []})
    assert read_pip_audit(said) == Answer(("a 1.0: PYSEC-1, mended in 2.0",))
    found = {"vulnerabilities": {"b": {"name": "b", "severity": "high", "range": "<3"}}}
    assert read_npm_audit(json.dumps(found)) == Answer(("b: high, <3",))


def test_who_did_not_answer_is_not_taken_for_saying_all_is_well() -> None:
    skipped = {"name": "a", "skip_reason": "Dependency not found on PyPI and could not be audited: a (1.0)"}
    assert read_pip_audit(json.dumps({"dependencies": [skipped], "fixes": []})).unasked
    assert read_pip_audit("").unasked
    assert read_npm_audit(json.dumps({"message": "405 Method Not Allowed", "statusCode": 405})).unasked
    assert read_npm_audit("").unasked


def test_what_is_well_is_said_to_be() -> None:
    well = {"name": "a", "version": "1.0", "vulns": []}
    assert read_pip_audit(json.dumps({"dependencies": [well], "fixes": []})) == Answer()
    assert read_npm_audit(json.dumps({"vulnerabilities": {}})) == Answer()
