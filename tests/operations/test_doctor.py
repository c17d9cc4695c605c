"""The doctor finds what goes wrong in the field, and says what to do about it."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from intranet import create_app
from intranet.accounts.factors import sealing
from intranet.accounts.factors.models import Authenticator
from intranet.accounts.factors.queries import KEPT
from intranet.config import ROOT, Settings
from intranet.kernel import clock, jobs, outbox
from intranet.kernel.db import Database
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import system
from intranet.operations.doctor import Finding, machine, neighbours, outside, stored
from intranet.search.index import index_of
from tests.cast import Cast
from tests.faults.running import free_ports
from tests.operations.proxy import Proxy, standing_in_front

SYSTEM = system(reason="tests of the doctor")
WELL = ("X-Forwarded-For: %s", "X-Forwarded-Proto: http")


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[..., int]]:
    """Serve an application with these settings; returns its port."""
    running = []

    def start(**changed: Any) -> int:
        port = free_ports(1)
        app = create_app(replace(settings, **{"port": port, **changed}))
        server = make_server("127.0.0.1", runtime(app).settings.port, app, threaded=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append((app, server))
        return int(server.port)

    yield start
    for app, server in running:
        server.shutdown()
        server.server_close()
        runtime(app).database.engine.dispose()


def told(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


@pytest.fixture
def through(serve: Callable[..., int], settings: Settings, app: Flask) -> Callable[[Proxy, int], dict[str, Finding]]:
    """What the doctor finds on the way through a proxy, where so many are trusted."""

    def look(proxy: Proxy, trusted: int) -> dict[str, Finding]:
        port = free_ports(1)
        with standing_in_front(proxy, port) as door:
            here: dict[str, Any] = {"port": port, "trusted_proxies": trusted, "base_url": f"http://127.0.0.1:{door}"}
            serve(**here)
            return told(outside.look(replace(settings, **here)))

    return look


def test_the_way_is_well_without_a_proxy(serve: Callable[..., int], settings: Settings, app: Flask) -> None:
    found = told(outside.look(replace(settings, port=serve())))
    assert [finding.subject for finding in found.values() if finding.remedy] == []
    assert found["websocket"].state == "upgraded"
    assert found["clock of the way"].state == "the same time here and there"


def test_the_way_is_well_through_a_proxy_that_does_its_work(through: Callable[..., dict[str, Finding]]) -> None:
    found = through(Proxy(adds=WELL), 1)
    assert [finding for finding in found.values() if finding.remedy] == []


@pytest.mark.parametrize(
    ("proxy", "trusted", "subject", "words"),
    [
        (Proxy(adds=WELL), 0, "proxy headers", "set COUTH_TRUSTED_PROXIES=1"),
        (Proxy(adds=WELL), 2, "proxy headers", "visitors may pretend any address"),
        (Proxy(adds=WELL, host="inside"), 1, "proxy headers", "X-Forwarded-Host"),
        (Proxy(adds=("X-Forwarded-For: %s", "X-Forwarded-Proto: https")), 1, "proxy headers", "X-Forwarded-Proto"),
        (Proxy(adds=WELL, drops=frozenset({"upgrade"})), 1, "websocket", "proxy_http_version 1.1"),
    ],
)
def test_a_proxy_that_is_set_wrongly_is_found(
    through: Callable[..., dict[str, Finding]], proxy: Proxy, trusted: int, subject: str, words: str
) -> None:
    assert words in through(proxy, trusted)[subject].remedy


def test_somebody_elses_server_is_told_from_ours(serve: Callable[..., int], settings: Settings, app: Flask) -> None:
    found = told(outside.look(replace(settings, port=serve(), secret_key="of another installation")))
    assert "COUTH_SECRET_KEY" in found["address"].remedy
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "script/server" in told(outside.look(replace(settings, port=port)))["address"].remedy


@pytest.mark.usefixtures("database")
def test_what_arrives_is_told_to_the_doctor_alone(app: Flask) -> None:
    assert app.test_client().get("/health/arrival").status_code == 404
    assert app.test_client().get("/health/arrival?signed=doctor").status_code == 404


def test_clocks_that_differ_are_found() -> None:
    late = neighbours.compare_clocks("clock", clock.now() - timedelta(seconds=90))
    assert late.state == "90 s ahead of it"
    assert "NTP" in late.remedy
    assert neighbours.compare_clocks("clock", clock.now() + timedelta(seconds=1)).remedy == ""


def test_neighbours_that_do_not_answer_are_found(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    parts = runtime(app)
    nowhere = replace(
        parts.settings, mail_url=f"smtp://127.0.0.1:{port}", redis_url=f"redis://:word@127.0.0.1:{port}/0"
    )
    found = told(neighbours.look(replace(parts, settings=nowhere)))
    assert "COUTH_MAIL_URL" in found["mail"].remedy
    assert "COUTH_REDIS_URL" in found["Redis"].remedy
    assert "word" not in found["Redis"].state, "the password"


def test_rights_and_packages_are_looked_at(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    key = settings.data / "secret_key"
    key.write_text("signs everything")
    key.chmod(0o644)
    assert told(machine.look(settings))["rights"].remedy == f"chmod 600 {key}"
    key.chmod(0o600)
    assert told(machine.look(settings))["rights"].remedy == ""
    assert told(machine.look(settings))["packages"].remedy == ""
    monkeypatch.setattr(machine, "installed", lambda _name: "0")
    found = told(machine.look(settings))
    assert "not 1.20.1" in found["packages"].state
    assert "script/server --setup-only" in found["packages"].remedy
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=10))
    assert "make room" in told(machine.look(settings))["space"].remedy


def test_what_is_stored_is_looked_at(app: Flask, database: Database, settings: Settings) -> None:
    def spoil(session: Any) -> None:
        session.add(outbox.DeadLetter(subscriber="feed", event_id=7, reason="poison"))
        jobs.later(session, "kernel.prune", {}, at=clock.now() - timedelta(hours=1))

    database.transact(SYSTEM, spoil)
    with app.app_context():
        found = told(stored.look(settings, database))
        assert "events parked" in found["parked events"].remedy
        assert "1 kernel.prune for 60 min" in found["jobs"].state
        index = index_of()
        index.become_writer()
        index.rebuild()
        assert told(stored.look(settings, database))["index"].state.startswith("whole")


def test_authenticators_of_another_secret_key_are_found(
    app: Flask, database: Database, cast: Cast, settings: Settings
) -> None:
    with app.app_context():
        with database.unit_of_work(SYSTEM) as session:
            for viewer in (cast.alice, cast.bob):
                sealed = sealing.seal("a secret", purpose=KEPT, person_id=viewer.member_id)
                session.add(Authenticator(person_id=viewer.member_id, sealed_key=sealed, last_step=0))
        assert told(stored.look(settings, database))["authenticators"].remedy == ""
        app.secret_key = "of another installation"
        found = told(stored.look(settings, database))["authenticators"]
    assert found.state == "2 cannot be opened with this secret key"
    assert "put the earlier key back" in found.remedy
    assert "people reset-factor NAME" in found.remedy


@pytest.mark.usefixtures("database")
def test_a_program_gets_json(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["doctor", "--json"])
    report = json.loads(answer.output)
    assert answer.exit_code == 1
    assert report["ok"] is False
    assert {"subject", "state", "remedy"} == set(report["findings"][0])


LOADING = """
import runpy, sys
class Watching:
    def find_spec(self, name, *_rest):
        if name == "intranet":
            sys.exit("eventlet" if "eventlet" in sys.modules else "none")
sys.meta_path.insert(0, Watching())
runpy.run_path(sys.argv[1], run_name="__main__")
"""


@pytest.mark.parametrize(("line", "loop"), [("COUTH_ASYNC_MODE=threading", "none"), ("", "eventlet")])
def test_the_way_of_serving_is_read_from_the_file_of_settings_in_time(tmp_path: Path, line: str, loop: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    done = subprocess.run(
        [sys.executable, "-c", LOADING, str(ROOT / "wsgi.py")],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip().splitlines()[-1] == loop


def test_a_wrong_way_of_serving_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COUTH_ASYNC_MODE=hope\n")
    command = [sys.executable, str(ROOT / "wsgi.py")]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "couth: COUTH_ASYNC_MODE must be eventlet, gevent or threading, not 'hope'"
