"""script/test: set-up, every check, then the whole suite."""

import argparse

from script.bootstrap import run_program, say, set_up_for_development
from script.bootstrap.chromium import SETTING, find_chromium
from script.steps import CHECKS, Step, run_steps

WORKERS = "3"  # of two cores: what drives browsers and servers mostly waits
WITHOUT_SERVERS = "not browser and not faults and not postgres"
DESCRIPTION = """Set up everything that the tests need (once), then run lint, format, types, import contracts
and the whole suite, with browsers. "script/test fast" leaves out what needs a browser or a running server;
"script/test postgresql" runs what that leaves once more with every row on PostgreSQL."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/test", description=DESCRIPTION)
    parser.add_argument("scope", nargs="?", choices=tuple(SCOPES), default="all")
    options = parser.parse_args()
    return run_program(SCOPES[options.scope])


def _test_all() -> int:
    set_up_for_development(browser_libraries=True)
    return _report(run_steps([*CHECKS, _pytest()], environment={SETTING: find_chromium()}))


def _test_fast() -> int:
    set_up_for_development(browser_libraries=True)
    return _report(run_steps([*CHECKS, _pytest("-m", WITHOUT_SERVERS)]))


def _test_postgresql() -> int:
    set_up_for_development(browser_libraries=True)
    return _report(run_steps([_pytest("-m", WITHOUT_SERVERS, "--postgresql")]))


def _pytest(*arguments: str) -> Step:
    return Step("tests", ("pytest", "-q", "-n", WORKERS, "--durations=8", *arguments))


def _report(code: int) -> int:
    say("All of it passed." if code == 0 else "Not all of it passed.")
    return code


SCOPES = {"all": _test_all, "fast": _test_fast, "postgresql": _test_postgresql}
