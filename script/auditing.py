"""script/audit: what is publicly known against the packages that the product and its tools are made of.

It ends with 0 only where everything was asked about and nothing is known; with 1 where something is known, and with 2
where somebody could not be asked: silence is no answer.
"""

import argparse
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from script.bootstrap import PYTHON, ROOT, run_program, say, set_up_for_development

_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What was learnt: ``known`` against packages, and whom or what ``unasked``, each as a sentence."""

    known: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()


def main() -> int:
    argparse.ArgumentParser(
        prog="script/audit",
        description="Ask the public lists of weaknesses about every installed Python package and browser library. "
        "Needs the network. Ends with 1 where something is known, with 2 where a list could not be asked.",
    ).parse_args()
    return run_program(_audit)


def _audit() -> int:
    set_up_for_development(browser_libraries=False)
    answers = [python_packages(), browser_libraries()]
    for answer in answers:
        for sentence in (*answer.known, *answer.unasked):
            say(sentence)
    if any(answer.known for answer in answers):
        return 1
    if any(answer.unasked for answer in answers):
        say("Not everything could be asked about, so this says nothing of it. Try again where the network is open.")
        return 2
    say("Nothing is known against any of it.")
    return 0


def python_packages() -> Answer:
    """pip-audit, over everything in the virtual environment."""
    said = _ask([str(PYTHON.parent / "pip-audit"), "--local", "--format", "json", "--progress-spinner", "off"])
    return read_pip_audit(said)


def browser_libraries() -> Answer:
    """npm audit, over the lock file; npm itself is needed for nothing else."""
    npm = shutil.which("npm")
    if npm is None:
        return Answer(unasked=("Browser libraries: npm is not on this machine. Run script/audit where it is.",))
    return read_npm_audit(_ask([npm, "audit", "--json"]))


def read_pip_audit(said: str) -> Answer:
    """Its JSON. It is content with itself also where the list knew none of the packages: they count as unasked."""
    found = _object(said).get("dependencies")
    if found is None:
        return Answer(unasked=("Python packages: the list of weaknesses did not answer.",))
    known = [
        f"{package['name']} {package['version']}: {weakness['id']}{_mended(weakness.get('fix_versions', []))}"
        for package in found
        for weakness in package.get("vulns", ())
    ]
    skipped = [package["name"] for package in found if "skip_reason" in package]
    unasked = f"Python packages: no list knows {len(skipped)} of {len(found)}: {', '.join(skipped)}."
    return Answer(tuple(known), (unasked,) if skipped else ())


def read_npm_audit(said: str) -> Answer:
    """Its JSON: ``vulnerabilities`` by package, or a ``message`` why not."""
    found = _object(said)
    if "vulnerabilities" not in found:
        reason = found.get("message", "no answer")
        return Answer(unasked=(f"Browser libraries: the list of weaknesses did not answer ({reason}).",))
    return Answer(tuple(f"{name}: {one['severity']}, {one['range']}" for name, one in found["vulnerabilities"].items()))


def _mended(versions: Sequence[str]) -> str:
    return f", mended in {', '.join(versions)}" if versions else ""


def _object(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _ask(command: list[str]) -> str:
    """What a program prints; how it ends says less than that."""
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return run.stdout
