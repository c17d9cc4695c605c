"""script/check: what can be said about the sources without running them."""

import argparse

from script.bootstrap import run_program, set_up_for_development
from script.steps import CHECKS, run_steps


def main() -> int:
    argparse.ArgumentParser(
        prog="script/check", description="Check lint, format, types and import contracts. Changes no file."
    ).parse_args()
    return run_program(_check)


def _check() -> int:
    set_up_for_development(browser_libraries=False)
    return run_steps(CHECKS)
