"""script/server: from a bare checkout to a served address, then the process that keeps it served."""

import argparse
import json
import os
import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from script.bootstrap import PYTHON, ROOT, SetupError, run_program, say, set_up_for_serving
from script.supervisor import ChildCommand, supervise

DESCRIPTION = """Set up everything that Couth needs on this machine (once), then serve it: the web process and
the worker. Ctrl-C stops both. Data is kept in instance/ unless --data or COUTH_DATA says otherwise."""
EPILOGUE = "Every setting: .venv/bin/flask --app wsgi settings. Running it for a company: docs/operations.md."

TIME_TO_GET_WELL = 10.0  # seconds: a first start makes an index


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the settings came to, and how the person at the keyboard gets in."""

    host: str
    port: int
    address: str
    data: Path
    sign_in: str


def main() -> int:
    options = _parser().parse_args()
    return run_program(lambda: _serve(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/server", description=DESCRIPTION, epilog=EPILOGUE)
    parser.add_argument("--port", type=int, help="port to serve on (default 8000)")
    parser.add_argument("--host", help="address to serve on (default 127.0.0.1, this machine only)")
    parser.add_argument("--data", metavar="DIR", type=Path, help="folder for database, index and files")
    parser.add_argument("--demo", action="store_true", help="load the demo company and print three sign-ins")
    parser.add_argument(
        "--web", metavar="N", type=int, default=1, help="web processes, on as many ports from --port on (needs Redis)"
    )
    parser.add_argument("--setup-only", action="store_true", help="stop when everything is set up")
    return parser


def _serve(options: argparse.Namespace) -> int:
    set_up_for_serving()
    environment = _environment(options)
    prepared = _prepare(environment, web=0 if options.setup_only else options.web)
    if prepared is None:
        return 1
    if options.demo:
        _load_demo(environment)
    if options.setup_only:
        say("Set up. Start it with script/server.")
        return 0
    return supervise(
        [
            *_web_processes(prepared.port, options.web),
            ChildCommand("worker", (str(PYTHON), "-m", "flask", "--app", "wsgi", "worker")),
        ],
        folder=ROOT,
        environment=environment,
        lock=prepared.data / "couth.lock",
        is_ready=Readiness(prepared.host, range(prepared.port, prepared.port + options.web)),
        announcement=_announcement(prepared, demo=options.demo),
    )


def _web_processes(port: int, count: int) -> list[ChildCommand]:
    """The first at the address that people type, or behind a proxy that shares them out among all."""
    names = ["web", *(f"web {number}" for number in range(2, count + 1))]
    return [
        ChildCommand(name, (str(PYTHON), "wsgi.py"), {"COUTH_PORT": str(port + offset)})
        for offset, name in enumerate(names)
    ]


def _environment(options: argparse.Namespace) -> dict[str, str]:
    """The settings that the options override, as the variables that the product reads."""
    given = {
        "COUTH_PORT": options.port,
        "COUTH_HOST": options.host,
        "COUTH_DATA": options.data.absolute() if options.data else None,
        "FLASK_SKIP_DOTENV": 1,  # the product reads .env itself; Flask would miss a package that does
    }
    return {**os.environ, **{name: str(value) for name, value in given.items() if value is not None}}


def _prepare(environment: dict[str, str], *, web: int) -> Prepared | None:
    """Check the settings and migrate, in the product's own Python; None where that told why it cannot be."""
    command = [str(PYTHON), "-m", "intranet.operations.prepare", "--web", str(web)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return None
    facts = json.loads(done.stdout.splitlines()[-1])
    return Prepared(
        host=facts["host"],
        port=facts["port"],
        address=facts["address"],
        data=Path(facts["data"]),
        sign_in=facts["sign_in"],
    )


def _load_demo(environment: dict[str, str]) -> None:
    command = [str(PYTHON), "-m", "flask", "--app", "wsgi", "demo"]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise SetupError("The demo company could not be loaded: see above.")


@dataclass(slots=True)
class Readiness:
    """True once the whole says that it is well, or answers at all and has had time to become so."""

    host: str
    ports: range
    answered_at: float | None = None

    def __call__(self) -> bool:
        states = [self._state_at(port) for port in self.ports]
        if None in states:
            return False
        self.answered_at = self.answered_at or time.monotonic()
        return set(states) == {"ok"} or time.monotonic() - self.answered_at > TIME_TO_GET_WELL

    def _state_at(self, port: int) -> str | None:
        # Straight to the port: a proxy that the environment names leads elsewhere.
        connection = HTTPConnection(self.host, port, timeout=1)
        try:
            connection.request("GET", "/health")
            return str(json.load(connection.getresponse()).get("status"))
        except (OSError, ValueError, HTTPException):
            return None
        finally:
            connection.close()


def _announcement(prepared: Prepared, *, demo: bool) -> str:
    sign_in = "Sign in as one of the three people above." if demo else prepared.sign_in
    return f"\nCouth is ready: {prepared.address}\n  {sign_in}\n  Data: {prepared.data}\n  Stop: Ctrl-C\n"
