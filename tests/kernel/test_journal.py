"""One id leads from a request to everything that follows from it, and no line of the log quotes anybody."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import column, select, table
from sqlalchemy.exc import DBAPIError

from intranet import create_app
from intranet.config import BadSetting, Settings, load
from intranet.kernel import doing, jobs, journal, outbox
from intranet.kernel.db import Database, Session
from intranet.kernel.policy import ANYONE, MEMBER
from intranet.kernel.runtime import runtime
from intranet.kernel.viewer import Viewer
from intranet.kernel.web import Feature
from tests.cast import SYSTEM, Cast
from tests.fixtures import AsViewer

feature = Feature("tests_journal")
OURS = "a-proxy-made-this"


@outbox.event("tests.journal-said")
@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something."""

    person_id: int


@jobs.job("tests.journal")
def _work(_session: Session, payload: dict[str, Any]) -> None:
    if payload.get("fails"):
        raise ValueError("quotes what Ada wrote")


@feature.post("/journal/say/<word>", allow=MEMBER)
def say(session: Session, viewer: Viewer, word: str) -> str:
    outbox.record(session, Said(viewer.member_id))
    return word


@feature.get("/journal/broken/<word>", allow=ANYONE)
def broken(_session: Session, _viewer: Viewer, word: str) -> str:
    raise ValueError(f"quotes {word}")


def _follow(session: Session, _event: Said) -> None:
    jobs.later(session, "tests.journal", {})


@pytest.fixture(autouse=True)
def _listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outbox._handlers, "tests-journal", {Said: [_follow]})


@pytest.fixture
def alice(app: Flask, cast: Cast, as_viewer: AsViewer) -> FlaskClient:
    feature.mount(app)
    return as_viewer(cast.alice)


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the log holds by now, as a collector reads it."""
    written = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    journal.start("web", Settings(log="json"), stream=written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("intranet").setLevel(logging.NOTSET)


Lines = Callable[[], list[dict[str, Any]]]


def test_a_request_is_one_line_that_quotes_nobody(alice: FlaskClient, cast: Cast, lines: Lines) -> None:
    answer = alice.post("/journal/say/secret")
    (line,) = lines()
    assert line["message"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("POST", "/journal/say/<word>", 200)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["sql"] > 0 < line["ms"]
    assert "secret" not in json.dumps(line)
    assert line["person"] != str(cast.alice.id)
    alice.post("/journal/say/again")
    assert lines()[1]["person"] == line["person"], "one person is one hash"


def test_one_id_leads_through_event_and_job(alice: FlaskClient, database: Database, app: Flask, lines: Lines) -> None:
    request_id = alice.post("/journal/say/hello").headers["X-Request-Id"]
    with app.app_context():
        outbox.drain(database, "tests-journal", "*")
        with database.reading(SYSTEM) as session:
            assert session.scalars(select(outbox.OutboxEvent.request_id)).all()[-1] == request_id
            assert session.scalars(select(jobs.Job.request_id)).all() == [request_id]
        jobs.run_due(database)
    done = [line for line in lines() if line["message"] == "job"]
    assert [(line["kind"], line["outcome"], line["request_id"]) for line in done] == [
        ("tests.journal", "done", request_id)
    ]
    assert doing.current() is None


def test_a_fault_tells_where_and_not_what_was_typed(
    alice: FlaskClient, database: Database, app: Flask, lines: Lines
) -> None:
    page = alice.get("/journal/broken/secret")
    fault = next(line for line in lines() if "error" in line)
    assert fault["error"]["type"] == "ValueError"
    assert any("test_journal.py" in place and "in broken" in place for place in fault["error"]["at"])
    assert "secret" not in json.dumps(lines())
    assert fault["request_id"] in page.text, "a person can name it"

    with app.app_context():
        database.transact(SYSTEM, lambda session: jobs.later(session, "tests.journal", {"fails": True}))
        jobs.run_due(database)
    assert lines()[-1]["outcome"] == "failed"
    assert "Ada" not in json.dumps(lines())


@pytest.mark.usefixtures("app")
def test_an_error_of_the_database_quotes_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.reading(SYSTEM) as session:
        session.execute(
            select(column("words")).select_from(table("nowhere")).where(column("words") == "what Ada wrote")
        )
    assert "Ada" not in str(caught.value)
    assert journal.reason_of(caught.value)


def test_an_id_is_taken_from_a_trusted_proxy_alone(app: Flask, settings: Settings) -> None:
    assert app.test_client().get("/health", headers={"X-Request-Id": OURS}).headers["X-Request-Id"] != OURS
    behind = create_app(replace(settings, trusted_proxies=1))
    browser = behind.test_client()
    assert browser.get("/health", headers={"X-Request-Id": OURS}).headers["X-Request-Id"] == OURS
    for bad in ("short", "a b c d e f g h", "x" * 65, "ü" * 10, '"><script>'):
        assert browser.get("/health", headers={"X-Request-Id": bad}).headers["X-Request-Id"] != bad
    runtime(behind).database.engine.dispose()


def test_a_terminal_gets_plain_lines(app: Flask, capsys: pytest.CaptureFixture[str], lines: Lines) -> None:
    journal.start("web", Settings(log="plain"))
    app.test_client().get("/health")
    told = capsys.readouterr().err
    assert " web info request " in told
    assert "route=/health status=200" in told
    assert lines() == []


def test_a_wrong_form_of_log_is_refused() -> None:
    with pytest.raises(BadSetting, match="COUTH_LOG"):
        load({"COUTH_LOG": "xml"})


def test_an_unknown_address_is_one_route_for_the_log(app: Flask, database: Database, lines: Lines) -> None:
    assert app.test_client().get("/people-of-zora").status_code == 404
    assert lines()[-1]["route"] is None
    assert "zora" not in json.dumps(lines())  # ids of requests are hexadecimal: no word of theirs
