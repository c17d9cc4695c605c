"""Tools run one after the other; a failing one holds up none of the rest, but the whole then fails."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from script.bootstrap import PYTHON, ROOT, say


@dataclass(frozen=True, slots=True)
class Step:
    """One tool of the virtual environment, by the name of its program there."""

    name: str
    command: tuple[str, ...]


CHECKS = (
    Step("lint", ("ruff", "check", ".")),
    Step("format", ("ruff", "format", "--check", ".")),
    Step("types", ("mypy",)),
    Step("imports", ("lint-imports",)),
)


def run_steps(steps: Sequence[Step], *, environment: Mapping[str, str] | None = None) -> int:
    """Run them all; 0 only where every one ended with 0."""
    failed = []
    for step in steps:
        say(f"── {step.name}")
        started = time.monotonic()
        if not _passes(step, {**os.environ, **(environment or {})}):
            failed.append(step.name)
        say(f"   {time.monotonic() - started:.0f} s")
    if failed:
        say(f"Failed: {', '.join(failed)}.")
        return 1
    return 0


def _passes(step: Step, environment: Mapping[str, str]) -> bool:
    program, *arguments = step.command
    # The tools find each other (lint-imports, playwright) on the path of the environment that they live in.
    search_path = f"{PYTHON.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
    command = [str(PYTHON.parent / program), *arguments]
    return subprocess.run(command, cwd=ROOT, env={**environment, "PATH": search_path}, check=False).returncode == 0
