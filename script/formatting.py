"""script/format: one layout for every Python source, so that no review speaks of it."""

import argparse

from script.bootstrap import run_program, set_up_for_development
from script.steps import Step, run_steps

LAYOUT = (
    Step("what can be put right by rule", ("ruff", "check", "--fix", "--exit-zero", "--quiet", ".")),
    Step("layout", ("ruff", "format", ".")),
)


def main() -> int:
    argparse.ArgumentParser(
        prog="script/format",
        description="Lay out every Python source and put right what the linter can put right by itself.",
    ).parse_args()
    return run_program(_format)


def _format() -> int:
    set_up_for_development(browser_libraries=False)
    return run_steps(LAYOUT)
