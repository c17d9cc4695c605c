"""Lighthouse on home, experts, profile and group of the demo company, signed in, as a phone and as a desk.

`script/bench lighthouse [--runs N] [--address URL]`: the middle one of N runs a page (default 3). It starts a server of
its own with a new demo company unless an address is given. The first time npm fetches Lighthouse, for this alone.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from intranet.config import ROOT
from script.bootstrap.browser_libraries import npm
from script.bootstrap.chromium import find_chromium
from script.bootstrap.console import run_quietly
from tests.faults.running import running_server

FOLDER = ROOT / "benchmarks" / "lighthouse_npm"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
SIGN_IN = {"login": "leila", "password": "ebb-and-flow-7"}  # as the demo company tells everybody
PAGES = {
    "home": "/",
    "experts": "/experts?q=kafka+consumer+lag",
    "profile": "/people/samuel",
    "group": "/groups/firmware-guild",
}
LOOKS: dict[str, tuple[str, ...]] = {"phone": (), "desk": ("--preset=desktop",)}
CATEGORIES = ("performance", "accessibility", "best-practices")
_ATTEMPTS = 5
BROWSER = "--headless=new --no-sandbox --disable-background-networking"


@dataclass(frozen=True, slots=True)
class Told:
    """What one run said: scores out of 100, milliseconds, and bytes on the wire."""

    scores: dict[str, int]
    first_paint: float
    largest_paint: float
    blocking: float
    shift: float
    transferred: int
    faults: tuple[str, ...]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--address", help="of a server with the demo company, already running")
    options = parser.parse_args(arguments)
    _install()
    with _served(options.address) as address, tempfile.TemporaryDirectory() as place:
        profile = Path(place)
        _sign_in(address, profile)
        print(f"Load average at the beginning: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
        print(f"| | {' | '.join(CATEGORIES)} | first / largest paint | blocking | shift | transferred |")
        print("|---|---|---|---|---|---|---|---|")
        for look, preset in LOOKS.items():
            for name, path in PAGES.items():
                runs = [_told(f"{address}{path}", profile, preset) for _ in range(options.runs)]
                print(_row(f"{name}, {look}", _middle(runs)), flush=True)
    return 0


def _install() -> None:
    command, search_path = npm()
    if not PROGRAM.exists():
        run_quietly(
            [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            remedy="Lighthouse could not be fetched: this needs to reach an npm registry once.",
            folder=FOLDER,
            environment={**os.environ, "PATH": search_path},
        )


@contextmanager
def _served(address: str | None) -> Iterator[str]:
    if address:
        yield address.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as place, running_server(Path(place) / "data") as server:
        server.command("demo")
        yield f"http://127.0.0.1:{server.port}"


def _sign_in(address: str, profile: Path) -> None:
    """Leaves the cookie where Lighthouse's browser finds it: one given as a header would not reach the live line."""
    with sync_playwright() as drive:
        browser = drive.chromium.launch_persistent_context(
            profile, executable_path=find_chromium(), args=BROWSER.split(), headless=True
        )
        page = browser.new_page()
        page.goto(f"{address}/sign-in")
        for name, value in SIGN_IN.items():
            page.fill(f"input[name={name}]", value)
        page.press(f"input[name={name}]", "Enter")
        page.wait_for_selector('.frame[data-connection="live"]')
        browser.close()


def _told(address: str, profile: Path, preset: tuple[str, ...]) -> Told:
    """One run; Chromium now and then begins no recording, which says nothing of the page."""
    for _ in range(_ATTEMPTS):
        done = _run(address, profile, preset)
        if done.returncode == 0:
            return told_by(json.loads(done.stdout))
        if "NO_NAVSTART" not in done.stderr:
            break
    raise SystemExit(done.stderr)


def _run(address: str, profile: Path, preset: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    _, search_path = npm()
    return subprocess.run(  # noqa: S603 (our own arguments)
        [
            shutil.which("node", path=search_path) or "node",
            PROGRAM,
            address,
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={BROWSER} --user-data-dir={profile}",
            "--output=json",
            "--quiet",
            *preset,
        ],
        env={**os.environ, "PATH": search_path, "CHROME_PATH": find_chromium()},
        capture_output=True,
        text=True,
        check=False,
    )


def told_by(report: dict[str, Any]) -> Told:
    """The figures of one report of Lighthouse."""
    audits = report["audits"]
    value = {name: audit.get("numericValue", 0) for name, audit in audits.items()}
    decided = {ref["id"] for name in CATEGORIES[1:] for ref in report["categories"][name]["auditRefs"] if ref["weight"]}
    return Told(
        scores={name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES},
        first_paint=value["first-contentful-paint"],
        largest_paint=value["largest-contentful-paint"],
        blocking=value["total-blocking-time"],
        shift=value["cumulative-layout-shift"],
        transferred=int(value["total-byte-weight"]),
        faults=tuple(sorted(name for name in decided if audits[name]["score"] == 0)),
    )


def _middle(runs: list[Told]) -> Told:
    """The run whose performance is the median."""
    middle = statistics.median_low(run.scores["performance"] for run in runs)
    return next(run for run in runs if run.scores["performance"] == middle)


def _row(name: str, told: Told) -> str:
    scores = " | ".join(str(told.scores[category]) for category in CATEGORIES)
    paints = f"{told.first_paint / 1000:.1f} / {told.largest_paint / 1000:.1f} s"
    faults = f" ({', '.join(told.faults)})" if told.faults else ""
    kilobytes = f"{told.transferred / 1000:.0f} kB"
    return f"| {name} | {scores}{faults} | {paints} | {told.blocking:.0f} ms | {told.shift:.3f} | {kilobytes} |"
