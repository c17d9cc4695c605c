"""What load balancers, collectors and whoever runs the place are told."""

from datetime import timedelta

import pytest
from flask import Flask

from intranet.kernel import clock, jobs, outbox, worker
from intranet.kernel.db import Database
from intranet.kernel.rooms import RoomsChanged
from intranet.kernel.tables import Base
from intranet.kernel.viewer import ANONYMOUS, system
from intranet.operations import heartbeat
from intranet.search.commands import bring_up_to_date
from intranet.search.index import index_of
from tests.cast import Cast
from tests.fixtures import AsViewer

SYSTEM = system(reason="tests look at health")
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def stored_index(app: Flask) -> None:
    """The index as the worker's first turn leaves it."""
    assert bring_up_to_date(index_of(app))


def beat(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as session:
        heartbeat.beat(session)


def test_health_is_ok_while_the_worker_lives(app: Flask, database: Database) -> None:
    beat(database)
    answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert {**answer.json, "version": ""} == {
        "status": "ok",
        "database": "ok",
        "index": "ok",
        "worker": "ok",
        "version": "",
    }


def test_a_silent_worker_degrades_but_pages_still_count_as_served(app: Flask, database: Database) -> None:
    beat(database)
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["status"], answer.json["worker"]) == ("degraded", "silent")


def test_health_is_down_without_a_database(app: Flask, database: Database) -> None:
    Base.metadata.drop_all(database.engine)
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "unreachable"


def test_the_worker_beats_at_most_once_in_a_while(app: Flask, database: Database) -> None:
    working = worker.Worker(app)
    with app.app_context():
        working.turn()
    with database.reading(SYSTEM) as session:
        first = heartbeat.last_beat(session)
    assert first is not None
    with app.app_context():
        working.turn()
    with database.reading(SYSTEM) as session:
        assert heartbeat.last_beat(session) == first
    working.end()


def test_measurements_are_given_to_this_machine(app: Flask, database: Database) -> None:
    beat(database)
    app.test_client().get("/health")
    body = app.test_client().get("/metrics").text
    assert 'couth_healthy{part="database"} 1.0' in body
    assert 'couth_requests_total{endpoint="operations.show_health",method="GET",status="200"}' in body


def value_of(app: Flask, start: str) -> float:
    """The one measurement whose line begins so."""
    (line,) = (line for line in app.test_client().get("/metrics").text.splitlines() if line.startswith(start))
    return float(line.rsplit(" ", 1)[1])


def test_measurements_tell_what_waits_and_for_how_long(app: Flask, database: Database, cast: Cast) -> None:
    begun = clock.now() - timedelta(minutes=3)
    with clock.fixed(begun), database.unit_of_work(SYSTEM) as session:
        outbox.record(session, RoomsChanged(recipient_id=cast.alice.member_id))
        jobs.later(session, "kernel.prune", {})
    with app.app_context():
        index_of().ask(lambda engine: engine.health())
    app.test_client().get("/metrics")
    found = [line for line in app.test_client().get("/metrics").text.splitlines() if line[:1] != "#"]
    names = outbox.subscribers()
    assert names
    for name in names:
        assert value_of(app, f'couth_outbox_behind{{subscriber="{name}"}}') >= 1
        assert 170 < value_of(app, f'couth_outbox_behind_seconds{{subscriber="{name}"}}') < 1000
    assert value_of(app, 'couth_jobs_due{kind="kernel.prune"}') == 1
    assert 170 < value_of(app, 'couth_jobs_due_seconds{kind="kernel.prune"}') < 1000
    assert value_of(app, "couth_search_seconds_count") >= 1
    assert value_of(app, "couth_sockets") == 0
    assert 'couth_request_seconds_count{endpoint="operations.show_metrics",route="/metrics"}' in "\n".join(found)


@pytest.mark.usefixtures("database")
def test_measurements_are_hidden_from_everybody_else(app: Flask) -> None:
    browser = app.test_client()
    assert browser.get("/metrics", environ_base=ELSEWHERE).status_code == 404
    assert browser.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def test_an_admin_sees_measurements_from_anywhere(cast: Cast, as_viewer: AsViewer) -> None:
    assert as_viewer(cast.dana).get("/metrics", environ_base=ELSEWHERE).status_code == 200
    assert as_viewer(cast.alice).get("/metrics", environ_base=ELSEWHERE).status_code == 404
    assert as_viewer(ANONYMOUS).get("/metrics", environ_base=ELSEWHERE).status_code == 404


def test_the_doctor_says_what_to_do(app: Flask, database: Database) -> None:
    told = app.test_cli_runner().invoke(args=["doctor"])
    assert told.exit_code == 1
    assert "!!  worker: never seen\n    -> start script/server" in told.output
    assert f"ok  database file: {'whole' if database.is_sqlite else 'kept by a database server'}" in told.output

    beat(database)
    told = app.test_cli_runner().invoke(args=["doctor"])
    assert "ok  worker: last seen" in told.output


def test_every_setting_is_listed_without_the_secret(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["settings"])
    assert "COUTH_DATA=" in told.output
    assert "COUTH_SECRET_KEY=(set)" in told.output
    assert "only for tests" not in told.output


def test_every_permission_is_listed_with_its_meaning(app: Flask) -> None:
    told = app.test_cli_runner().invoke(args=["permissions"])
    assert "core:admin\tadmin\tRuns the place." in told.output
